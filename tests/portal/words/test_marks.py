"""What was searched for is marked where it is, as comparison finds it."""

from __future__ import annotations

import pytest

from portal.words.marks import marked


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("BROOK\\j.Barker", ["barker"], "BROOK\\j.<mark>Barker</mark>"),
        ("CAD-017 on CAD-018", ["cad"], "<mark>CAD</mark>-017 on <mark>CAD</mark>-018"),
        ("Weiß & Söhne", ["weiss", "SÖ"], "<mark>Weiß</mark> &amp; <mark>Sö</mark>hne"),
        ("Weiß", ["ss"], "Wei<mark>ß</mark>"),
        ("So\u0308hne", ["s\u00f6"], "<mark>S\u00f6</mark>hne"),
        ("ann anna", ["ann", "anna"], "<mark>ann</mark> <mark>anna</mark>"),
        ("<b>", ["b", ""], "&lt;<mark>b</mark>&gt;"),
        ("a.c", ["."], "a<mark>.</mark>c"),
        ("nothing", ["x"], "nothing"),
        ("nothing", [], "nothing"),
    ],
)
def test_marks_each_word(text, words, shown):
    assert marked(text, words) == shown


def test_two_parts_of_one_letter_are_one_mark():
    assert marked("Wei\u00df", ["s"]) == "Wei<mark>\u00df</mark>"
