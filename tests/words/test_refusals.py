"""A refusal is told in the language of whoever reads it: no sentence is fixed when it is raised."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from licensing.errors import InvalidOperation, LicensingError

ROOT = Path(__file__).parents[2]
READ_ON_PAGES = {InvalidOperation.__name__, "SecretLost"}
"""Raised with the reader's language in force, for a form to show."""
NAMES = {kind.__name__ for kind in LicensingError.__subclasses__()} - READ_ON_PAGES
SOURCES = [
    path for place in ("licensing", "portal", "config") for path in (ROOT / place).rglob("*.py")
]


def fixed_sentences(source):
    """The lines that give an error a sentence made on the spot: a text, an f-string, a gettext."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = (
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        )
        given = node.args[0]
        is_eager = isinstance(given, ast.Constant | ast.JoinedStr | ast.BinOp) or (
            isinstance(given, ast.Call) and getattr(given.func, "id", "") in ("_", "gettext", "str")
        )
        if name in NAMES and is_eager:
            yield node.lineno


def test_no_error_is_given_a_sentence_of_one_language():
    found = {
        str(path.relative_to(ROOT)): lines
        for path in SOURCES
        if (lines := list(fixed_sentences(path.read_text())))
    }

    assert found == {}


@pytest.mark.parametrize(
    "raised",
    [
        'raise errors.PoolExhausted(f"Not enough for {feature}.")',
        'raise PoolExhausted("Not enough.", seats=1)',
        'raise errors.PoolExhausted(_("Not enough."))',
        'raise errors.PoolExhausted("Not enough for %s." % feature)',
    ],
)
def test_one_that_is_would_be_found(raised):
    assert list(fixed_sentences(raised)) == [1]


def unread_refusals(source):
    """The lines that catch whatever cannot be done and go on without a word of what it was."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ExceptHandler) or node.name or node.type is None:
            continue
        kind = getattr(node.type, "attr", getattr(node.type, "id", ""))
        is_raised_again = any(isinstance(step, ast.Raise) and not step.exc for step in node.body)
        if kind in ("InvalidOperation", "LicensingError") and not is_raised_again:
            yield node.lineno


def test_whoever_tells_outcomes_apart_tells_them_by_their_class():
    places = [*SOURCES, *(ROOT / "support").rglob("*.py")]
    found = {
        str(path.relative_to(ROOT)): lines
        for path in places
        if (lines := list(unread_refusals(path.read_text())))
    }

    assert found == {}


def test_one_that_is_caught_unread_would_be_found():
    source = "try:\n    undo()\nexcept errors.InvalidOperation:\n    undone = 0\n"

    assert list(unread_refusals(source)) == [3]
