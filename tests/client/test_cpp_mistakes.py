"""A C++ library with one mistake in it is refused by the kit, whatever the mistake."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from tests.client import cpp, cpp_mistakes
from tests.client.cpp_mistakes import MISTAKES, MISTAKES_OF_C
from tests.client.driven import made_by


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
    assert len({made.name for made in MISTAKES}) == len(MISTAKES) >= 40


def test_mistake_that_cannot_be_made_any_more_is_told(tmp_path):
    gone = dataclasses.replace(MISTAKES[0], right="a line that is not there")
    header = tmp_path / gone.header
    header.write_text((cpp.HEADERS / "cloud_licence" / gone.header).read_text())

    with pytest.raises(ValueError, match="has this 0 times"):
        cpp_mistakes.plant(header, 1, gone)
