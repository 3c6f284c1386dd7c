"""The page of a person and that of a machine."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing import errors, rules, sessions
from licensing.rules import NewRule
from portal.people import privacy
from tests.factories import (
    TESTER,
    MembershipFactory,
    make_client,
    make_pool,
    make_session,
    make_single_user,
    move_back,
)
from tests.kept import kept

SMITH = "BROOK\\j.smith"


def of(browser, name, page="person"):
    """The answer of a page."""
    return browser.get(f"/{page}/", {"name": name})


@kept
def smith(account, pool):
    """One person under three names: open on two machines, ended on a third, bound, refused."""
    make_session(pool, make_client(username=SMITH, machine_name="CAD-1", version="16.1"))
    make_session(pool, make_client(username="anna", machine_name="CAD-1"))
    single = make_single_user(account=account, name="Estimator")
    make_session(single, make_client(username="J.Smith@brook.example", machine_name="CAD-2"))
    over = make_session(make_pool(1, account=account), make_client(username="j.smith"))
    move_back(over, dt.timedelta(hours=2))
    sessions.close(over.pk)
    full = make_client(username=SMITH, machine_name="CAD-1")
    with pytest.raises(errors.PoolExhausted):
        sessions.check_out(make_full(account), full)
    make_session(make_pool(), make_client(username=SMITH, machine_name="ELSEWHERE"))


def make_full(account):
    """A pool whose only seat somebody has."""
    key = make_pool(1, account=account, name="Site")
    make_session(key, make_client(username="bert"))
    return key


def test_tells_all_of_a_person_under_each_of_their_names(owner, smith):
    page = of(owner, "j.smith@BROOK.example").context["page"]

    assert sorted(name.username for name in page.shown_names) == [
        SMITH, "J.Smith@brook.example", "j.smith",
    ]  # fmt: skip
    assert sorted(str(one) for one in page.open_sessions) == [
        f"{SMITH} on CAD-1", "J.Smith@brook.example on CAD-2",
    ]  # fmt: skip
    assert [one.username for one in page.ended_sessions] == ["j.smith"]
    assert [row.device.machine_name for row in page.devices] == ["CAD-2"]
    assert [(row.reason, row.is_true) for row in page.denials] == [("All seats in use", True)]
    assert (page.refusals, page.true_refusals) == (1, 1)
    assert {told.name for told in page.versions} == {"16.1", "16.0.02"}
    assert page.similar == []


def test_hours_are_those_of_the_page_of_use(owner, smith):
    page = of(owner, SMITH).context["page"]

    site = next(use for use in page.use if use.hours)
    used = owner.get(site.url.partition("#")[0]).context["groups"].rows
    assert (page.hours, site.hours) == (2.0, 2.0)
    assert [(row.name, round(row.hours, 1)) for row in used] == [("j.smith", 2.0)]


def test_somebody_of_another_domain_is_told_apart(owner, pool, account, smith):
    make_session(make_pool(account=account), make_client(username="CONTRACTORS\\j.smith"))

    page = of(owner, SMITH).context["page"]
    others = of(owner, "CONTRACTORS\\j.smith").context["page"]

    assert [name.username for name in page.similar] == ["CONTRACTORS\\j.smith", "j.smith"]
    assert [one.username for one in others.open_sessions] == ["CONTRACTORS\\j.smith"]
    assert "May be the same person" in of(owner, SMITH).text


def test_tells_which_rules_are_about_them(owner, account, smith):
    for username, machine in ((SMITH, ""), ("*@brook.example", ""), ("anna", ""), ("", "CAD-1")):
        rules.add(account, NewRule(username=username, machine_name=machine), by=TESTER)

    told = [of(owner, *asked).context["page"].rules for asked in ((SMITH,), ("cad-1", "machine"))]

    assert [{str(row.rule) for row in rows} for rows in told] == [
        {f"Block {SMITH} on any machine", "Block *@brook.example on any machine"},
        {"Block anybody on CAD-1"},
    ]


def test_tells_all_of_a_machine(owner, smith):
    page = of(owner, "cad-1", "machine").context["page"]

    assert str(page) == "CAD-1"
    assert {told.name for told in page.others} == {SMITH, "anna"}
    assert (len(page.open_sessions), page.refusals, page.devices) == (2, 1, [])


def test_owners_see_who_signs_in_by_the_address(owner, manager, account, smith):
    for email in ("j.smith@brook.example", "j.smith@elsewhere.example"):
        MembershipFactory(account=account, user__name="Jo Smith", user__email=email)

    told = of(owner, SMITH).context["members"]
    assert [(member.user.email, is_theirs) for member, is_theirs in told] == [
        ("j.smith@brook.example", True), ("j.smith@elsewhere.example", False),
    ]  # fmt: skip
    assert of(manager, SMITH).context["members"] == []


def test_managers_release_and_viewers_only_look(manager, viewer, smith):
    page = of(manager, SMITH)

    ids = [one.pk for one in page.context["page"].open_sessions]
    asked = manager.post(page.context["release_url"], {"chosen": ids})
    sent = {"chosen": ids, "seen": asked.context["seen"], "reason": "Left"}
    done = manager.post(page.context["release_url"], sent)

    assert (done.status_code, done["Location"]) == (302, page.context["here"])
    assert of(manager, SMITH).context["page"].open_sessions == []
    text = of(viewer, "anna").text
    assert "anna" in text
    assert not [act for act in ("/release/", "/block/", "/people/leaver/") if act in text]


@pytest.mark.slow
@pytest.mark.parametrize("page", ["person", "machine"])
def test_others_nobody_and_readers_of_aliases_have_no_page(
    owner, viewer, stranger, account, smith, page
):
    name = SMITH if page == "person" else "CAD-1"
    answers = [of(viewer, name, page), of(stranger, name, page), of(owner, "nobody", page)]
    answers += [of(owner, "", page), of(owner, "\0", page), of(owner, "ELSEWHERE", page)]

    privacy.show_aliases(account, True, by=TESTER)

    answers.append(of(viewer, name, page))
    assert [answer.status_code for answer in answers] == [200, *[404] * 6]
    assert of(owner, name, page).status_code == 200


@pytest.mark.slow
def test_lists_lead_there_but_not_for_readers_of_aliases(owner, viewer, account, smith):
    by_group = [f"/usage/?group={group}" for group in ("person", "machine")]
    pages = ("/usage/denials/", by_group[0], "/sessions/", by_group[1])
    sessions.release(account.sessions.get(username=SMITH), by=TESTER)

    assert all("/person/?name=" in owner.get(page).text for page in (*pages[:3], "/audit/"))
    assert all("/machine/?name=CAD-1" in owner.get(page).text for page in (*pages[2:], "/audit/"))
    assert "/machine/?name=CAD-2" in owner.get("/licences/").text
    privacy.show_aliases(account, True, by=TESTER)
    assert not any("?name=" in viewer.get(page).text for page in pages)


def test_a_refusal_leads_to_who_held_the_seats_that_day(owner, smith):
    [row] = of(owner, SMITH).context["page"].denials

    day = owner.get(row.held_url.partition("#")[0])

    assert [stay.who.username for stay in day.context["opened"].stays] == ["bert"]
    assert "kind=seats" in day.text


def test_the_page_of_people_leads_managers_to_the_leavers(manager, viewer, smith):
    pages = [browser.get("/people/") for browser in (manager, viewer)]

    assert [page.status_code for page in pages] == [403, 403]
    assert ["/people/leaver/" in page.text for page in pages] == [True, False]


@pytest.mark.slow
@pytest.mark.parametrize("page", [SMITH, "CAD-1"])
def test_asks_the_database_as_often_for_many_as_for_few(
    owner, smith, account, page, django_assert_num_queries
):
    kind = "person" if page == SMITH else "machine"
    of(owner, page, kind)
    for number in range(3):
        client = make_client(username=SMITH, machine_name="CAD-1", os_session=str(number))
        make_session(make_pool(5, account=account), client)

    with django_assert_num_queries(18 if kind == "person" else 13):
        of(owner, page, kind)


@pytest.mark.parametrize(
    ("page", "name", "whom"), [("person", "R&D\\<b>", "user"), ("machine", "CAD-1", "machine")]
)
def test_a_block_is_about_what_the_page_shows(manager, pool, page, name, whom):
    make_session(pool, make_client(username="R&D\\<b>", machine_name="CAD-1"))

    shown = of(manager, name, page)
    form = manager.get(shown.context["block_url"]).context["form"]

    assert (form["whom"].value(), form["scope"].value()) == (whom, "account")
    assert "&amp;amp;" not in shown.text
    assert "&amp;lt;" not in shown.text


def test_a_name_that_turns_text_round_is_shown_without_its_mark(manager, pool):
    session = make_session(pool, make_client(username="anna\u202e", machine_name="CAD\u202e-1"))

    pages = [of(manager, session.username), of(manager, session.machine_name, "machine")]
    pages += [manager.get(f"/sessions/{session.pk}/{act}") for act in ("", "block/")]
    pages.append(manager.get("/sessions/"))

    assert [page.status_code for page in pages] == [200] * 5
    assert [n for n, page in enumerate(pages) if "\u202e" in page.text] == []
