"""A figure that is a link is what the page behind it counts, and so are its export and the API."""

from __future__ import annotations

import datetime as dt
import uuid
from urllib.parse import urldefrag

import pytest
from lxml import html as pages

from licensing import keys, licences, rules, sessions
from licensing.models import Denial, ProductKey
from licensing.models.licences import LicenceState
from portal.licences import tags
from portal.lists import periods
from tests.factories import (
    TESTER,
    ago,
    days_from_today,
    make_api_token,
    make_client,
    make_pool,
    make_session,
    make_single_user,
)
from tests.kept import kept
from tests.portal.home.figures import crawl, exported, fetched, kind_of, page_at, rows_of, stated

MINUTE = dt.timedelta(minutes=1)


@kept
def full(account):
    """A pool of two seats with every sort of row that a wrong count would take for another."""
    key = make_pool(2, account=account, name="Tender office", ends_on=days_from_today(20))
    two_machines = [make_client(username=name) for name in ("BROOK\\anna", "Brook\\Anna ")]
    make_session(key, two_machines[0])
    make_session(key, two_machines[1], refreshed=dt.timedelta(hours=49))
    refused(key, "bert", machine="PC-1", days=1)
    refused(key, "BERT", machine="PC-2", days=2)
    refused(key, "cleo", days=3)
    refused(key, "dora", days=3, code="access_blocked")
    refused(key, "emil", days=3, code="device_limit")
    refused(key, "fred", at=periods.start_of(periods.days_ago(7)) - MINUTE)
    refused(key, "gina", days=8)
    refused(key, "hugo", at=periods.start_of(periods.days_ago(30)) - MINUTE)
    refused(key, "ines", days=40)
    return key


@kept
def estate(account, pool, full):
    """An account with some of everything, beside one that has more."""
    for quiet in (0, 0, 20, 60, 60 * 49):
        make_session(pool, refreshed=dt.timedelta(minutes=quiet))
    make_session(pool, make_client(username="anna", os_session="3", machine_name="CTX-1"))
    make_session(pool, make_client(username="ANNA", os_session="4", machine_name="CTX-1"))
    sessions.close(make_session(pool).pk)
    rules.add(account, rules.NewRule(username="nobody"), by=TESTER)
    make_session(make_single_user(account=account, name="Laptop"))
    make_single_user(account=account, name="Spare")
    account.licences.filter(name="Spare").update(created_at=ago(days=100))
    barred = make_pool(3, account=account, name="Barred")
    make_session(barred)
    licences.set_state(barred.licence, LicenceState.SUSPENDED, by=TESTER)
    tags.change([pool.licence], add=["London"], by=TESTER)
    of_another(make_pool(2, name="Elsewhere", ends_on=days_from_today(20)))
    replace_in_part(make_pool(40, account=account, name="Rollout"))


def of_another(key):
    """Rows of another account, of each kind that is counted."""
    make_session(key, make_client(username="anna"), refreshed=dt.timedelta(hours=49))
    make_session(key)
    refused(key, "bert", days=1)


def replace_in_part(key):
    """A key in overlap: of its five machines three have used a later one, one the right one."""
    ProductKey.objects.filter(pk=key.pk).update(created_at=ago(days=200))
    machines = [make_client(machine_name=f"CAD-{number}") for number in range(5)]
    for machine in machines:
        sessions.close(make_session(key, machine, refreshed=dt.timedelta(days=2)).pk)
    new, _plain = keys.reissue(key, by=TESTER, overlap=dt.timedelta(days=7))
    beside, _plain = keys.issue(key.licence, by=TESTER, label="Home working")
    make_session(keys.find(new.serial_number), machines[0])
    for machine in machines[1:3]:
        make_session(keys.find(beside.serial_number), machine)


def refused(key, username, *, days=0, at=None, machine="PC-1", code="pool_exhausted"):
    """Somebody was refused then."""
    at = at or periods.start_of(periods.days_ago(days + 1)) + MINUTE
    Denial.objects.create(
        account=key.account, licence=key.licence, code=code, identity=uuid.uuid4(),
        username=username, machine_name=machine, version="16", folded_from=at, first_at=at,
        last_at=at,
    )  # fmt: skip


@pytest.fixture
def addresses(account, pool, estate):
    """The pages that have figures."""
    shown = account.licences.filter(name__in=["London planners", "Tender office", "Rollout"])
    licence_pages = [f"/licences/{pk}/" for pk in shown.values_list("pk", flat=True)]
    return [
        "/", "/licences/", "/licences/?q=london", "/sessions/", "/sessions/?q=anna",
        f"/sessions/?licence={pool.licence_id}&state=offline", "/sessions/?q=user:anna",
        "/usage/denials/", "/usage/denials/?days=7&q=bert", "/people/", "/search/?q=anna",
        "/usage/denials/?reason=access_blocked", *licence_pages,
    ]  # fmt: skip


@pytest.mark.slow
def test_a_figure_is_what_the_page_behind_it_counts_and_its_export_and_the_api_too(
    owner, client, account, addresses
):
    token = make_api_token(account).plain
    figures = crawl(owner, addresses)
    answers = {url: owner.get(url) for url in {urldefrag(one.url)[0] for one in figures}}
    behind = {url: pages.fromstring(answer.text) for url, answer in answers.items()}

    wrong = [
        (figure, found)
        for figure in figures
        if figure.counted != "in-use"
        and (found := stated(behind[urldefrag(figure.url)[0]], figure.url, figure.counted))
        != [figure.number]
    ]
    assert wrong == []
    assert {figure.page for figure in figures} >= {"/", "/licences/", "/sessions/"}
    kinds = {"rows", "people", "moved", "new", "in-use", "peak"}
    assert {figure.counted for figure in figures} == kinds
    assert any(figure.number == 2 and figure.counted == "people" for figure in figures)

    lists = {
        kind_of(figure.url): figure.url
        for figure in figures
        if figure.counted == "rows" and "/keys/" not in figure.url and "#" not in figure.url
    }
    assert len(lists) > 8
    for url in lists.values():
        rows = rows_of(behind[url], url)
        assert len(exported(owner, behind[url])) == rows, url
        assert len(fetched(client, answers[url], token)) == rows, url


NARROWED = [
    "/sessions/?q=anna", "/sessions/?q=user:ann*+last%3E1h", "/sessions/?state=long",
    "/sessions/?state=remote", "/sessions/?state=ended&q=acme", "/sessions/?licence=0",
    "/licences/?q=london", "/licences/?tag=London", "/licences/?unused=90",
    "/licences/?ends=30&state=ends_soon", "/licences/?product=asta-powerproject",
    "/licences/?version=16.0.02", "/usage/denials/?q=bert", "/usage/denials/?only=true",
    "/usage/denials/?reason=device_limit", "/usage/denials/?days=90&only=true&q=in",
    "/people/?q=priya", "/people/?q=nobody",
]  # fmt: skip
AUDITED = ["who=a+test", "about=London", "kind=key", "staff=1", "days=90&who=nobody", ""]


@pytest.mark.slow
def test_the_command_copies_the_list_that_is_shown(owner, client, account, estate):
    token = make_api_token(account).plain

    for address in NARROWED:
        response = owner.get(address)
        rows = len(fetched(client, response, token))
        assert rows == rows_of(pages.fromstring(response.text), address), address


@pytest.mark.slow
def test_the_command_copies_the_audit_log_that_is_shown(owner, client, account, estate):
    token = make_api_token(account).plain

    for query in AUDITED:
        response = owner.get(f"/audit/?{query}")
        copied = [entry["number"] for entry in fetched(client, response, token)]
        days = response.context["log"].days
        assert copied == [line.entry.number for _day, lines in days for line in lines], query


@pytest.mark.slow
def test_the_seats_in_use_are_those_of_the_pools_that_can_be_used(owner, estate):
    [figure] = [one for one in crawl(owner, ["/"]) if one.counted == "in-use"]

    pools = [
        row
        for row in exported(owner, page_at(owner, figure.url))
        if row["Usage model"] == "concurrent" and row["Status"] != "suspended"
    ]
    assert sum(int(row["In use"]) for row in pools) == figure.number


def test_a_headline_tells_sessions_from_people_and_minds_the_filters(owner, full):
    def head(query=""):
        return page_at(owner, f"/sessions/{query}").get_element_by_id("session-head").text

    assert head() == "2 sessions of 1 person right now."
    assert "2 sessions of 1 person right now." in owner.get("/").text
    assert head("?q=nobody") == "0 of 2 sessions match."
    assert head("?state=held") == "1 of 2 sessions match."
    assert head("?state=ended") == "0 sessions ended in the last 7 days."
    assert head("?state=ended&q=x") == "0 sessions that ended in the last 7 days match."


def test_only_the_key_that_replaces_it_moves_a_machine_on(owner, account, estate):
    licence = account.licences.get(name="Rollout")
    old = licence.keys.order_by("created_at").first()

    page = owner.get(f"/licences/{licence.pk}/keys/{old.pk}/")

    assert "1 of 5 machines seen on the new key" in page.text
    assert len(exported(owner, pages.fromstring(page.text))) == 4


def test_what_a_view_refused_minds_each_of_its_filters(owner, full):
    for query, rows in (("", 7), ("?days=7", 5), ("?only=true", 6), ("?q=bert&only=true", 2)):
        tree = page_at(owner, f"/usage/denials/{query}")
        [shown] = tree.xpath("//div[@class='stat']/span[@class='stat-value']/text()")
        assert (int(shown), stated(tree, "", "rows")) == (rows, [rows]), query
