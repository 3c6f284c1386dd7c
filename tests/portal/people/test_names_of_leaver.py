"""Somebody leaves whom programs know by several names."""

from __future__ import annotations

import pytest

from licensing import errors
from licensing.models import AccessRule, ClientSession
from portal.people import leavers
from portal.people.leavers import Leaver, Part
from tests.factories import TESTER, make_client, make_pool, make_session
from tests.kept import kept
from tests.portal.people.leaving import take, ticked


@kept
def namesakes(account, pool):
    """Three names of a user: two are one person's, the third may be somebody else's."""
    for name in ("BROOK\\j.smith", "j.smith@brook.example", "CONTRACTORS\\j.smith"):
        client = make_client(username=name, machine_name=f"CAD-{len(name)}")
        make_session(make_pool(1, account=account), client)


def test_takes_all_names_of_a_person_and_offers_those_that_may_be_somebody_elses(owner, namesakes):
    url = "/people/leaver/remove/?username=&email=j.smith@brook.example"

    page = owner.get(url)
    take(owner, url, parts=["sessions", "block"])

    choices = page.context["form"].fields["names"].choices
    assert [(person, "may be somebody else" in label) for person, label in choices] == [
        ("j.smith@brook.example", False),
        ("brook\\j.smith", False),
        ("contractors\\j.smith", True),
    ]
    assert [one.username for one in ClientSession.objects.active()] == ["CONTRACTORS\\j.smith"]
    assert set(AccessRule.objects.values_list("username", flat=True)) == {
        "j.smith@brook.example",
        "BROOK\\j.smith",
    }


def test_a_bare_name_of_two_domains_is_nobodys_until_one_is_ticked(owner, account, namesakes):
    url = "/people/leaver/remove/?username=j.smith&email="
    leaver = Leaver(account, username="j.smith")
    found = leaver.names, leaver.sessions, leaver.patterns

    told = take(owner, url, names=["contractors\\j.smith"], parts=["sessions", "block"])
    sent = ticked(told) | {"names": ["contractors\\j.smith"], "parts": ["sessions", "block"]}
    owner.post(url, sent)

    assert found == ([], [], ["j.smith"])
    assert (told.status_code, told.context["effects"]) == (422, [
        "Open sessions: 1 seat is free at once (CONTRACTORS\\j.smith on CAD-19). "
        "The program stays open.",
        "Block rule: j.smith, CONTRACTORS\\j.smith can't take a seat from now on.",
    ])  # fmt: skip
    assert "CONTRACTORS\\j.smith" not in [one.username for one in ClientSession.objects.active()]
    assert ClientSession.objects.active().count() == 2


@pytest.mark.parametrize("told", ["jsmith", "ACME\\JSmith", "jsmith@acme.example"])
def test_a_bare_name_is_kept_out_however_programs_tell_it(account, pool, told):
    leavers.remove(Leaver(account, username="jsmith"), [Part.BLOCK], by=TESTER, reason="")

    with pytest.raises(errors.AccessBlocked):
        make_session(pool, make_client(username=told))
    assert make_session(pool, make_client(username="jsmithers@acme.example"))
