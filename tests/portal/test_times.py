"""Days, moments and drawings in the reader's language."""

from __future__ import annotations

import datetime as dt

import pytest
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format

from portal.templatetags.times import date_in_words, moment_in_full
from portal.templatetags.ui import meter

WHEN = dt.datetime(2026, 11, 26, 14, 5, tzinfo=dt.UTC)
THIS_YEAR = WHEN.date()
NEXT_YEAR = WHEN + dt.timedelta(days=90)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        (
            "en-gb",
            ["Thu 26 Nov, 14:05 GMT", "Thu 26 Nov 2026, 14:05 GMT", "26 Nov", "26 Nov 2026",
             "Thursday, 26 November 2026"],
        ),
        (
            "de",
            ["Do, 26. Nov, 14:05 GMT", "Do, 26. Nov 2026, 14:05 GMT", "26. Nov", "26. Nov 2026",
             "Donnerstag, 26. November 2026"],
        ),
    ],
)  # fmt: skip
def test_are_written_in_the_order_of_the_language(language, written):
    with translation.override(language), timezone.override("Europe/London"):
        found = [
            moment_in_full(WHEN, now=WHEN),
            moment_in_full(WHEN, now=NEXT_YEAR),
            date_in_words(THIS_YEAR, today=THIS_YEAR),
            date_in_words(THIS_YEAR, today=NEXT_YEAR.date()),
            date_format(THIS_YEAR, "DAY_HEADING_FORMAT"),
        ]

    assert found == written


def test_a_drawing_has_no_decimal_comma():
    with translation.override("de"):
        drawn = render_to_string("_meter.html", meter(3, of=10))

    assert 'x="88.2" y="0" width="7.8"' in drawn
