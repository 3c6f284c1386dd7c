"""How long a request's body may be, and how long it may take to arrive."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from granian.rsgi import ProtocolClosed

from config import bodies

PAGE, API = "/profile/", "/api/v1/sessions"


class Sent:
    """A body as Granian hands it over: whole, or in pieces; ``None`` never comes."""

    def __init__(self, *pieces):
        self.pieces = pieces

    async def __call__(self):
        return b"".join([piece async for piece in self])

    async def __aiter__(self):
        for piece in self.pieces:
            if piece is None:
                await asyncio.get_running_loop().create_future()
            yield piece


def read(sent, *, path=PAGE, length=None, reader=None):
    """The body that is read, or the status of the refusal."""
    headers = {"transfer-encoding": "chunked"} if length is None else {"content-length": length}
    reader = reader or bodies.Reader()
    try:
        with ThreadPoolExecutor(1) as elsewhere:  # this thread may have a browser's loop
            return elsewhere.submit(asyncio.run, reader.read(sent, path, headers)).result()
    except bodies.Refused as refused:
        return refused.status


@pytest.fixture
def hurried(monkeypatch):
    monkeypatch.setattr(bodies, "SECONDS", 0.01)


@pytest.mark.parametrize(("path", "length"), [(PAGE, "4"), (API, "4"), (API, None)])
def test_a_body_is_read(path, length):
    assert read(Sent(b"na", b"me"), path=path, length=length) == b"name"


def test_no_body_is_not_waited_for():
    assert read(Sent(None), length="0") == b""


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(
    ("path", "length"), [(PAGE, "4"), (PAGE, "100000"), (API, "4"), (API, None)]
)
def test_one_that_never_comes_is_refused(path, length):
    assert read(Sent(b"na", None), path=path, length=length) == 408


@pytest.mark.usefixtures("hurried")
def test_the_more_has_come_the_more_time_it_has(monkeypatch):
    monkeypatch.setattr(bodies, "SLOWEST", 1)

    class Slow(Sent):
        async def __aiter__(self):
            for _ in range(3):
                yield b"x" * 70_000
                await asyncio.sleep(0.02)

    assert len(read(Slow(), length="210000")) == 210_000


def test_one_that_is_too_long_for_a_page_is_refused_unread():
    assert read(Sent(None), length="3000000") == 413


def test_pages_want_to_know_the_length():
    assert read(Sent(None)) == 411


@pytest.mark.parametrize("length", ["4", "100000"])
def test_one_that_breaks_off_is_refused(length):
    assert read(Sent(b"na"), length=length) == 400


def test_one_whose_sender_hung_up_is_refused():
    class HungUp:
        async def __call__(self):
            raise ProtocolClosed

    assert read(HungUp(), length="4") == 400


@pytest.mark.parametrize("length", ["3000000", None])
def test_the_api_gets_one_byte_more_than_it_takes(length):
    assert len(read(Sent(b"x" * 3_000_000), path=API, length=length)) == 16_385


def test_long_ones_take_their_turns():
    reader = bodies.Reader()
    reader.long_bodies = bodies.MOST_LONG_BODIES

    assert read(Sent(b"x" * 100_000), reader=reader, length="100000") == 503
    assert read(Sent(b"name"), reader=reader, length="4") == b"name"
    assert read(Sent(b"name"), path=API, reader=reader) == b"name"


def test_a_refused_one_makes_room_again():
    reader = bodies.Reader()
    for _ in range(bodies.MOST_LONG_BODIES):
        read(Sent(b"na"), reader=reader, length="100000")

    assert len(read(Sent(b"x" * 100_000), reader=reader, length="100000")) == 100_000
