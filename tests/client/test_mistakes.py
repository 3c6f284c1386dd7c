"""A client with one mistake in it is refused by the kit, whatever the mistake."""

from __future__ import annotations

import pytest

from tests.client import verdicts
from tests.client.mistakes import MISTAKES


@pytest.mark.parametrize("file", verdicts.FILES)
def test_mistakes_are_refused(file):
    made = [mistake for mistake in MISTAKES if mistake.file == file]

    passed = [mistake.name for mistake in made if not verdicts.is_refused(mistake)]

    assert made
    assert passed == []


def test_mistakes_are_many_and_different():
    assert len({mistake.name for mistake in MISTAKES}) == len(MISTAKES) >= 60
