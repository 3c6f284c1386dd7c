"""Asking addresses that customers typed in: each rude answer ends in time, with its cause."""

from __future__ import annotations

import socket
import threading

import pytest

from portal.outbound import asking, turns
from portal.outbound.unanswered import Busy, Cause, Unanswered
from tests import rude_server
from tests.silence import within_limit


@pytest.fixture(scope="module")
def server():
    """A rude server at an internal address."""
    with rude_server.run() as address:
        yield address


@pytest.fixture
def internal(settings):
    """Internal addresses are allowed."""
    settings.SSO_ALLOWS_INTERNAL_PROVIDERS = True


@pytest.fixture
def hurry(monkeypatch):
    """A turn is over soon."""
    monkeypatch.setattr(turns, "LONGEST", 0.2)


def cause_at(address):
    """Why nothing can be read there."""
    with pytest.raises(Unanswered) as failed:
        asking.read(address)
    return failed.value.cause


@pytest.mark.parametrize("path", ["/plain", "/packed"])
@pytest.mark.usefixtures("internal")
def test_reads_the_whole_of_it(server, path):
    assert asking.read(server + path) == b"<a/>"


@pytest.mark.usefixtures("internal")
def test_what_is_too_large_broken_or_elsewhere_is_refused():
    causes = {
        "/endless": Cause.TOO_LARGE,
        "/chunks": Cause.TOO_LARGE,
        "/bomb": Cause.TOO_LARGE,
        "/bomb-in-bomb": Cause.TOO_LARGE,
        "/not-packed": Cause.BROKEN_OFF,
        "/many-heads": Cause.BROKEN_OFF,
        "/hangs-up": Cause.BROKEN_OFF,
        "/short": Cause.BROKEN_OFF,
        "/redirect": Cause.REDIRECTED,
        "/missing": Cause.NOT_FOUND,
        "/broken": Cause.FAILED,
    }

    with rude_server.run() as address:
        assert {path: cause_at(address + path) for path in causes} == causes


@pytest.mark.parametrize("path", ["/silent", "/slow", "/slow-head"])
@pytest.mark.usefixtures("internal", "hurry")
def test_what_takes_too_long_is_refused(server, path):
    assert within_limit(lambda: cause_at(server + path)) == Cause.TOO_SLOW


@pytest.mark.usefixtures("internal")
def test_a_turn_is_one_time_for_all_that_is_asked_in_it(server):
    with turns.turn() as mine:
        asking.read(f"{server}/plain")
        mine.seconds = 0

        assert cause_at(f"{server}/plain") == Cause.TOO_SLOW


def test_a_name_that_the_system_looks_for_without_end_is_too_slow(hurry, monkeypatch):
    is_over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: is_over.wait() and [])

    assert cause_at("https://login.brook.example/") == Cause.TOO_SLOW
    is_over.set()


def resolved(*addresses):
    """What the system finds for each name."""
    return lambda *_, **__: [(0, 0, 0, "", (address, 0)) for address in addresses]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "::1", "fd00::1", "fe80::1%eth0", "::ffff:10.1.2.3", "64:ff9b::a01:203", "2002:a01:203::",
    ],
)  # fmt: skip
def test_internal_addresses_answer_as_if_nothing_were_there(monkeypatch, address):
    """Whether something listens, refuses or is silent there: nobody connects."""
    monkeypatch.setattr(socket, "getaddrinfo", resolved(address))
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("connected"))

    assert cause_at("https://login.brook.example/") == Cause.NO_PUBLIC_ADDRESS


def test_a_name_that_does_not_exist_has_the_same_answer(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", resolved())

    assert cause_at("https://login.brook.example/") == Cause.NO_PUBLIC_ADDRESS


def test_a_public_address_is_asked_where_it_was_judged(monkeypatch):
    """The name is looked up once, so that it cannot mean another address meanwhile."""
    asked = []
    monkeypatch.setattr(socket, "getaddrinfo", resolved("127.0.0.1", "8.8.8.8"))

    def refuse(address, _seconds):
        asked.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)

    assert cause_at("https://login.brook.example:8443/") == Cause.REFUSED
    assert asked == [("8.8.8.8", 8443)]


@pytest.mark.parametrize("address", ["http://login.brook.example/", "ftp://a.example", "/a"])
def test_only_https_is_asked(address):
    assert cause_at(address) == Cause.NOT_HTTPS


@pytest.mark.usefixtures("internal")
def test_a_process_asks_once_at_a_time(server):
    answers = []

    def ask():
        try:
            answers.append(asking.read(f"{server}/plain"))
        except Busy as busy:
            answers.append(str(busy))

    other = threading.Thread(target=ask)
    with turns.turn():
        other.start()
        other.join()
    ask()

    assert answers == ["Your provider's sign-in is busy. Try again in a moment.", b"<a/>"]


def test_a_slow_provider_rests_and_leaves_turns_to_others(monkeypatch):
    monkeypatch.setattr(turns, "UNHURRIED", 0)
    with turns.turn(4711):
        pass

    with pytest.raises(Busy) as resting, turns.turn(4711):
        pass
    assert str(resting.value) == "The last answer took too long. Try again in 1 second."
    with turns.turn(4712) as others:
        assert others.left()
