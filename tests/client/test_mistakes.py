"""A client with one mistake in it is refused by the kit, whatever the mistake."""

from __future__ import annotations

import dataclasses

import pytest

from tests.client import verdicts
from tests.client.mistakes import MISTAKES


@pytest.mark.slow
@pytest.mark.parametrize("file", verdicts.FILES)
def test_mistakes_are_refused(file):
    made = [mistake for mistake in MISTAKES if mistake.file == file]

    passed = [mistake.name for mistake in made if not verdicts.is_refused(mistake)]

    assert made
    assert passed == []


def test_mistakes_are_many_and_different():
    assert len({mistake.name for mistake in MISTAKES}) == len(MISTAKES) >= 60


@pytest.mark.slow
def test_no_mistake_is_no_mistake():
    """A client that is changed into itself passes every case that shows a mistake."""
    unchanged = [dataclasses.replace(mistake, wrong=mistake.right) for mistake in MISTAKES[::9]]

    assert not any(verdicts.is_refused(mistake) for mistake in unchanged)


def test_mistake_that_cannot_be_made_any_more_is_told():
    gone = dataclasses.replace(MISTAKES[0], right="a line that is not there")

    with pytest.raises(ValueError, match="has this 0 times"):
        verdicts.is_refused(gone)
