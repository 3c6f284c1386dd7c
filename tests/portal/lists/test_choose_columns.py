"""Choosing the columns of lists and how dense their rows are."""

from __future__ import annotations

import re

import pytest

from licensing.models import Denial
from portal.licences.listed import POOLS, SINGLE_USER
from portal.listings import TABLES
from portal.models import Membership, PersonPreferences, Role
from portal.sessions.listed import SESSIONS
from portal.usage.listed import DENIALS
from tests.factories import make_client, make_session, make_single_user
from tests.people import browser_of


@pytest.fixture
def session(pool):
    client = make_client(username="anna", machine_name="CAD-1", version="16.0.02")
    return make_session(pool, client)


def choose(browser, *cols, table="sessions", next="/sessions/", **form):
    return browser.post(f"/columns/{table}/", {"cols": cols, "next": next} | form)


def headings(text):
    """The columns' headings, of all tables from left to right."""
    return [
        re.sub(r"<[^>]+>", "", heading).strip()
        for heading in re.findall(r"<th [^>]*>(.*?)</th>", text, re.DOTALL)
    ]


def labels(text):
    """What the cells are called where rows are cards."""
    return re.findall(r'<td [^>]*data-label="([^"]*)"', text)


def test_shows_them_in_the_lists_order_from_then_on(viewer, session):
    answer = choose(viewer, "version", "machine", next="/sessions/?q=anna&cols=licence")

    assert answer["Location"] == "/sessions/?q=anna&cols=machine%2Cversion"
    for query in ("", "?q=anna&cols=machine,version"):
        text = viewer.get(f"/sessions/{query}").text
        assert headings(text) == ["User", "Machine", "Version", "Action"]
        assert labels(text) == ["Machine", "Version"]


def test_the_address_beats_what_is_remembered(viewer, session):
    choose(viewer, "version")

    text = viewer.get("/sessions/?cols=licence&cols=nonsense,key").text

    assert headings(text) == ["User", "Licence", "Key label", "Action"]
    assert headings(viewer.get("/sessions/?cols=nonsense").text) == ["User", "Version", "Action"]


def test_the_main_column_and_the_action_stay(owner, session):
    choose(owner)

    text = owner.get("/sessions/").text

    assert headings(text) == ["Choose", "User", "Action"]
    assert ">Release</button>" in text
    assert f'<span id="where-{session.pk}" class="visually-hidden">CAD-1</span>' in text


def test_nothing_steps_back_that_somebody_chose(viewer, session):
    assert ' class="p3"' in viewer.get("/sessions/").text

    choose(viewer, "version", "started")

    assert ' class="p3"' not in viewer.get("/sessions/").text


def test_the_column_that_rows_are_sorted_by_never_steps_back(viewer, session):
    text = viewer.get("/sessions/?sort=-started").text

    assert re.search(r'<th [^>]*aria-sort="descending"\s*>', text)
    assert text.count("no room at this width") == 3  # version, length, when the seat comes back


def test_can_be_as_at_first_again(viewer, session):
    first = headings(viewer.get("/sessions/").text)
    choose(viewer, "version", density="compact")

    answer = choose(viewer, "version", reset="1", next="/sessions/?cols=version")

    assert answer["Location"] == "/sessions/"
    assert headings(viewer.get("/sessions/").text) == first
    assert (PersonPreferences.objects.get().columns, is_compact(viewer)) == ({}, False)


def test_choosing_what_shows_anyway_is_no_choice(viewer):
    answer = choose(viewer, *SESSIONS.table.first)

    assert answer["Location"] == "/sessions/"
    assert PersonPreferences.objects.get().columns == {}


def is_compact(browser, address="/sessions/"):
    return "is-compact" in browser.get(address).text


def test_compact_rows_are_so_in_every_list(viewer, session):
    choose(viewer, *SESSIONS.table.first, density="compact")

    assert is_compact(viewer)
    assert is_compact(viewer, "/licences/")
    choose(viewer, *SESSIONS.table.first, density="nonsense")
    assert not is_compact(viewer)


def test_each_person_chooses_for_themselves(viewer, owner, session):
    choose(viewer, "version", density="compact")

    assert not is_compact(owner)
    assert "Machine" in headings(owner.get("/sessions/").text)


def test_a_hidden_column_still_sorts(owner, session):
    page = owner.get("/sessions/?cols=user&sort=-machine")

    assert [row.username for row in page.context["list"].page] == ["anna"]


def test_what_ended_keeps_when_and_its_own_choice(viewer, session):
    choose(viewer, "length", "machine")

    assert headings(viewer.get("/sessions/?state=ended").text) == [
        "User", "Machine", "Ended", "Action",
    ]  # fmt: skip
    text = viewer.get("/sessions/?state=ended").text
    assert '<input type="hidden" name="cols" value="length">' in text


def test_live_rows_ask_for_the_columns_of_their_page(owner, session):
    choose(owner, "version")
    src = re.search(r'<live-rows src="([^"]+)"', owner.get("/sessions/").text)[1]

    choose(owner, "licence")
    rows = owner.get(src).text

    assert src == "/sessions/rows/?shown=version"
    assert labels(rows) == ["Version"]
    assert "shown=" not in rows


def test_live_rows_take_no_query_more(owner, session, django_assert_num_queries):
    page = owner.get("/sessions/")
    src = re.search(r'<live-rows src="([^"]+)"', page.text)[1]

    with django_assert_num_queries(4):
        response = owner.get(f"{src}&v={page.context['list'].version}")

    assert response.status_code == 204


@pytest.mark.slow
@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES.keys())
def test_each_cell_is_called_as_its_column(owner, account, pool, session, table):
    make_session(make_single_user(account=account))
    Denial.objects.create(
        account=account,
        licence=pool.licence,
        code="device_limit",
        identity=session.pk,
        username="anna",
        machine_name="CAD-1",
        version="16",
        folded_from="2026-11-24T14:00:00Z",
    )
    address = {
        SESSIONS.table: "/sessions/",
        POOLS: "/licences/?q=planners",
        SINGLE_USER: "/licences/?q=user",
        DENIALS.table: "/usage/denials/?days=90",
    }[table]
    chosen = [column for column in table.columns if column.of != "ended"][1:]
    choose(owner, *(column.name for column in chosen), table=table.name)

    text = owner.get(address).text

    called = [str(column.label) for column in chosen]
    assert [heading for heading in headings(text) if heading in called] == called
    assert labels(text) == called * (len(labels(text)) // len(called))
    assert labels(text)


def test_a_list_of_another_page_keeps_its_columns(viewer, pool, session):
    choose(viewer, "version")

    text = viewer.get(f"/licences/{pool.licence_id}/").text

    assert "Last refreshed" in headings(text)
    assert headings(text).count("Licence") == 0


def test_comes_back_to_our_pages_only(viewer):
    assert choose(viewer, next="https://evil.example/")["Location"].startswith("/?cols")


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "status"), [("viewer", 302), ("stranger", 302), ("staff", 404)])
def test_everybody_with_an_account_may(request, who, status):
    assert choose(request.getfixturevalue(who), "version").status_code == status


def test_other_tables_are_not_found(viewer):
    assert choose(viewer, table="people").status_code == 404


def test_goes_with_the_person_into_their_other_accounts(account, session):
    viewer = browser_of(account, Role.VIEWER)
    choose(viewer, "version")
    Membership.objects.get(account=account).delete()

    assert PersonPreferences.objects.get().columns == {"sessions": ["version"]}
