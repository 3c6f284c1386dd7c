"""What every act on many rows of a list asks of whoever does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from licensing import devices, sessions
from licensing.models import ClientSession, Device
from tests import bulk
from tests.factories import TESTER, make_client, make_pool, make_session, make_single_user
from tests.pages import said

WHY = "Office move"
CHANGED = "This changed while you were reading. Look again, then confirm."


class BulkAct(NamedTuple):
    """An act, the key of the licence that has the rows, and how one goes meanwhile."""

    address: str
    name: str
    key_of: Callable[..., Any]
    ids: Callable[[Any], list[Any]]
    end_one: Callable[[], Any]
    left: Callable[[], int]


FREE = BulkAct(
    "/licences/free-devices/",
    "devices",
    make_single_user,
    lambda key: [key.licence_id],
    lambda: devices.free(Device.objects.bound()[0], by=TESTER),
    lambda: Device.objects.bound().count(),
)
RELEASE = BulkAct(
    "/sessions/release/",
    "sessions",
    make_pool,
    lambda key: list(key.sessions.active().values_list("pk", flat=True)),
    lambda: sessions.close(ClientSession.objects.active()[0].pk),
    lambda: ClientSession.objects.active().count(),
)


@pytest.fixture(params=[FREE, RELEASE], ids=["free", "release"])
def act(request):
    return request.param


def rows(act, account, number):
    """So many rows; what is sent of the list that has them ticked."""
    key = act.key_of(number, account=account)
    for n in range(number):
        make_session(key, make_client(machine_name=f"SITE-{n}"))
    return act.ids(key)


def test_wants_a_reason(owner, account, act):
    chosen = rows(act, account, 2)
    page = bulk.ask(act.address, owner, chosen=chosen)

    assert bulk.confirm(act.address, owner, page, chosen=chosen, reason="").status_code == 422
    assert act.left() == 2


def test_looks_again_when_something_changed(owner, account, act):
    chosen = rows(act, account, 2)
    page = bulk.ask(act.address, owner, chosen=chosen)
    act.end_one()

    answer = bulk.confirm(act.address, owner, page, chosen=chosen, reason=WHY)

    assert (answer.status_code, CHANGED in answer.text, act.left()) == (422, True, 1)
    assert f">{WHY}</textarea>" in answer.text.replace(">\n", ">")


def test_many_are_counted_by_the_person(owner, account, act):
    rows(act, account, 26)
    page = bulk.ask(act.address, owner, all="1")

    wrong = bulk.confirm(act.address, owner, page, all="1", reason=WHY, count="25")
    assert (wrong.status_code, f"It is 26 {act.name}." in wrong.text) == (422, True)
    assert act.left() == 26

    right = bulk.confirm(act.address, owner, page, all="1", reason=WHY, count="26")
    assert (right.status_code, act.left()) == (302, 0)


def test_too_many_are_refused(owner, account, act, monkeypatch):
    monkeypatch.setattr("portal.views.bulk_acts.MOST_AT_ONCE", 1)
    rows(act, account, 2)

    answer = bulk.ask(act.address, owner, all="1")

    assert (answer.status_code, f"At most 1 {act.name} are" in answer.text) == (422, True)


@pytest.mark.parametrize("sent", [{}, {"chosen": ["nonsense"]}])
def test_nothing_chosen_is_nothing_done(owner, account, act, sent):
    rows(act, account, 2)

    answer = bulk.ask(act.address, owner, **sent)

    [(level, text)] = said(answer)
    assert (level, text.startswith("Nothing was"), act.left()) == ("info", True, 2)


def test_only_a_manager_of_the_account_may(viewer, stranger, account, act):
    chosen = rows(act, account, 2)

    assert bulk.ask(act.address, viewer, chosen=chosen).status_code == 403
    assert said(bulk.ask(act.address, stranger, chosen=chosen))[0][0] == "info"
    assert act.left() == 2
