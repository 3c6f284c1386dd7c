"""No act is done on what its page no longer says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from licensing import devices
from licensing.models import ClientSession, Device
from portal import views
from portal.licences.policies import policy_of
from portal.models import ApiToken
from tests.factories import TESTER, ago, make_api_token, make_client, make_session, make_single_user

WHY = "Routine, as every year"
CHANGED = "This changed while you were reading. Look again, then confirm."


@pytest.fixture
def device_moved(account):
    """A device to free, while another device of the licence uses a move."""
    key = make_single_user(account=account, seats=2)
    for name in ("SITE-08", "SITE-09"):
        make_session(key, make_client(machine_name=name))
    other, mine = Device.objects.order_by("pk")
    return (
        f"/licences/{key.licence_id}/devices/{mine.pk}/free/",
        {},
        lambda: devices.free(other, by=TESTER),
        lambda: Device.objects.get(pk=mine.pk).unbound_at is None,
    )


@pytest.fixture
def token_used(account):
    """A token to revoke, while a program uses it."""
    token = make_api_token(account)
    return (
        f"/api-tokens/{token.pk}/revoke/",
        {},
        lambda: ApiToken.objects.update(last_used_at=ago(minutes=1)),
        lambda: ApiToken.objects.get().revoked_at is None,
    )


@pytest.fixture
def seat_quiet(pool):
    """A policy to change, while a session falls silent whose seat it would take."""
    session, before = make_session(pool), policy_of(pool.licence)
    return (
        f"/licences/{pool.licence_id}/offline-policy/",
        {"policy": "strict"},
        lambda: ClientSession.objects.filter(pk=session.pk).update(refreshed_at=ago(hours=5)),
        lambda: policy_of(type(pool.licence).objects.get()) == before,
    )


@pytest.mark.parametrize("case", ["device_moved", "token_used", "seat_quiet"])
def test_an_act_whose_effects_changed_is_read_again_first(owner, case, request):
    address, form, happens, is_as_before = request.getfixturevalue(case)
    seen = owner.get(address).context["seen"]
    happens()

    answer = owner.post(address, form | {"reason": WHY, "seen": seen})

    assert (answer.status_code, CHANGED in answer.text) == (422, True)
    assert is_as_before()
    again = {"reason": WHY, "seen": answer.context["seen"]}
    assert owner.post(address, form | again).status_code == 302
    assert not is_as_before()


def test_every_page_of_an_act_is_made_by_the_one_function_that_sees_to_it():
    root = Path(views.__file__).parent
    makers = [
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if re.search(r"act\.html|import.*\bask\b", path.read_text())
    ]

    assert makers == ["acts.py"]
