"""A C++ library with one mistake in it is refused by the kit, whatever the mistake."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from tests.client import cpp, cpp_mistakes, mistakes
from tests.client.cpp_mistakes import MISTAKES, MISTAKES_OF_C
from tests.client.driven import made_by

CANNOT_BE_MADE = {
    # A mark never joins the letter before it: keys are read letter by letter, by a table.
    "lets a mark join the letter before it",
}


@pytest.fixture(scope="module")
def program() -> Path:
    """The kit in which each mistake can be made."""
    return made_by(cpp.kit_here)


@pytest.mark.slow
def test_mistakes_are_refused(program):
    assert cpp_mistakes.passed(program, "C++", MISTAKES) == []


@pytest.mark.slow
def test_mistakes_of_the_c_interface_are_refused(program):
    first = len(MISTAKES) + 1

    assert cpp_mistakes.passed(program, "C", MISTAKES_OF_C, first) == []


@pytest.mark.slow
@pytest.mark.parametrize(("way", "mistakes"), [("C++", MISTAKES[::9]), ("C", MISTAKES_OF_C)])
def test_no_mistake_is_no_mistake(program, way, mistakes):
    unmade = cpp_mistakes.passed(program, way, mistakes, first=None)

    assert unmade == [made.name for made in mistakes]


def test_mistakes_are_many_and_different():
    assert len({made.name for made in MISTAKES}) == len(MISTAKES) >= 200


def test_mistake_that_cannot_be_made_any_more_is_told():
    gone = dataclasses.replace(MISTAKES[0], right="a line that is not there")

    with pytest.raises(ValueError, match="has this 0 times"):
        gone.place_in("the lines that there are")


def test_every_mistake_of_the_reference_client_is_made_here_too():
    of_python, here = ({made.name for made in listed} for listed in (mistakes.MISTAKES, MISTAKES))

    assert of_python - here == CANNOT_BE_MADE
