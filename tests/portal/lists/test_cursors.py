"""Cursors: read as they were written, and what is none shows the first page."""

from __future__ import annotations

import datetime as dt
import itertools
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lists.cursors import By, Id, Moment, NoCursorError, Order, Text, Uuid, cursor
from tests.factories import make_session
from tests.portal.lists.rows import rows_of


@pytest.mark.slow
@given(st.text())
def test_what_is_no_cursor_is_said_so(text):
    order = Order((By(name="started_at", kind=Moment), By(name="pk", kind=Uuid)))

    with pytest.raises(NoCursorError):
        order.read(text)


@given(
    st.datetimes(timezones=st.just(dt.UTC)),
    st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    st.uuids(),
)
def test_a_cursor_reads_as_it_was_written(moment, text, uuid):
    order = Order(
        (
            By(name="moment", kind=Moment, is_nullable=True),
            By(name="text", kind=Text),
            By(name="uuid", kind=Uuid),
        )
    )

    assert order.read(cursor([moment, text, uuid])) == (moment, text, uuid)
    assert order.read(cursor([None, text, uuid])) == (None, text, uuid)


NASTY = [
    "",
    "%",
    "ä",
    "e30",
    "WzFd",
    cursor(["a\0b", "9b9c5e0e-7a4c-4c59-8d6c-0d6f2f1f9a11", 50]),
    cursor(["a", "no id", 50]),
    cursor(["a", "9b9c5e0e-7a4c-4c59-8d6c-0d6f2f1f9a11", -1]),
    cursor([2**80, 2**80, 2**80]),
    cursor(["0001-01-01T00:00:00+14:00", 2**63, 1]),
    "A" * 5000,
]
LISTS = {
    "/sessions/?sort=user&": ("after", "before"),
    "/licences/?": ("pools-after", "pools-before", "single-after", "single-before"),
    "/usage/denials/?": ("after", "before"),
    "/audit/?": ("after", "before"),
    "/people/?": ("after", "before"),
    "/requests/?": ("after", "before"),
    "/api-tokens/?": ("after", "before"),
}
"""Each list, and what its addresses call the cursors of its tables."""
NO_PLACE = cursor([2**80, 2**80, 2**80])
"""As a cursor is written, and with no value that any column could have."""


def test_what_is_nasty_is_no_cursor_of_any_order():
    orders = [  # each as an address has it, with the number of its row behind it
        Order((By(name="moment", kind=Moment), By(name="pk", kind=Uuid))),
        Order((By(name="text", kind=Text), By(name="pk", kind=Uuid))),
        Order((By(name="number", kind=Id), By(name="pk", kind=Id))),
    ]

    for order, text in itertools.product(orders, NASTY):
        with pytest.raises(NoCursorError):
            order.read(text, Id)


@pytest.mark.slow
def test_an_unusable_cursor_shows_the_first_page(owner, pool):
    """As page_of turns whatever is no cursor into no cursor; each name is asked once."""
    make_session(pool)
    wrong = []
    for path, names in LISTS.items():
        expected = rows_of(owner.get(path))
        for name in names:
            page = owner.get(path + urlencode({name: NO_PLACE}))
            if (page.status_code, rows_of(page)) != (200, expected):
                wrong.append((path, name))

    assert wrong == []


@pytest.mark.parametrize(
    "place",
    [
        ["0001-01-01T00:00:00+14:00", "9b9c5e0e-7a4c-4c59-8d6c-0d6f2f1f9a11", 1],
        ["9999-12-31T23:59:59-14:00", "9b9c5e0e-7a4c-4c59-8d6c-0d6f2f1f9a11", 1],
        ["2026-11-24T14:05:00Z", "9b9c5e0e-7a4c-4c59-8d6c-0d6f2f1f9a11", 2**63 - 1],
    ],
)
def test_a_cursor_of_any_time_is_answered(owner, pool, place):
    make_session(pool)

    for name in ("after", "before"):
        assert owner.get("/sessions/", {name: cursor(place)}).status_code == 200
