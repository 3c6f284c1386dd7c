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
    numbered = enumerate(MISTAKES, 1)
    passed = [
        made.name for number, made in numbered if not cpp_mistakes.is_refused(program, number, made)
    ]

    assert passed == []


@pytest.mark.slow
def test_mistakes_of_the_c_interface_are_refused():
    numbered, program = enumerate(MISTAKES_OF_C, 1), made_by(cpp.kit_by_c)
    passed = [
        made.name for number, made in numbered if not cpp_mistakes.is_refused(program, number, made)
    ]

    assert passed == []
    assert not any(cpp_mistakes.is_refused(program, 0, made) for made in MISTAKES_OF_C)


@pytest.mark.slow
def test_no_mistake_is_no_mistake(program):
    assert not any(cpp_mistakes.is_refused(program, 0, made) for made in MISTAKES[::9])


def test_mistakes_are_many_and_different():
    assert len({made.name for made in MISTAKES}) == len(MISTAKES) >= 40


def test_mistake_that_cannot_be_made_any_more_is_told(tmp_path):
    gone = dataclasses.replace(MISTAKES[0], right="a line that is not there")
    header = tmp_path / gone.header
    header.write_text((cpp.HEADERS / "cloud_licence" / gone.header).read_text())

    with pytest.raises(ValueError, match="has this 0 times"):
        cpp_mistakes.plant(header, 1, gone)
