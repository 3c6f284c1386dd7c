"""Tags: an account's own words on its licences."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing import audit
from portal.licences import tags
from tests.factories import TESTER, make_pool, make_single_user
from tests.pages import last_entry, said, told
from tests.portal.exports.files import rows_of


@pytest.fixture
def site(account):
    """A single-user licence beside the pool."""
    return make_single_user(account=account, name="Estimator")


def on(key):
    """The tags of a key's licence."""
    return tags.by_licence(key.account)[key.licence_id]


def edit(browser, key, text):
    return browser.post(f"/licences/{key.licence_id}/tags/", {"tags": text})


def bulk(browser, query="", **sent):
    """Ask for the ticked licences to be tagged; with ``how``, confirm it on the page that asks."""
    address = f"/licences/tag/?{query}"
    page = browser.post(address, {name: sent[name] for name in ("chosen", "all") if name in sent})
    if "how" not in sent or page.context is None:
        return page
    return browser.post(address, sent | {"seen": page.context["seen"]})


def undo(browser, response):
    """Press Undo in the message that the next page shows."""
    [message] = response.wsgi_request._messages._queued_messages
    return browser.post(message.extra_tags, {"next": "/licences/"})


def test_a_manager_writes_them_in_one_field(manager, pool):
    response = edit(manager, pool, " London,  CAD  team, london,")

    assert response["Location"] == f"/licences/{pool.licence_id}/"
    assert said(response) == [("success", "Changed the tags of 1 licence.")]
    assert on(pool) == ["CAD team", "London"]
    assert 'href="/licences/?tag=CAD%20team"' in manager.get(response["Location"]).text


def test_what_is_no_longer_written_comes_off(owner, pool):
    tags.change([pool.licence], add=["London", "CAD"], by=TESTER)

    edit(owner, pool, "cad, Leeds")

    assert on(pool) == ["CAD", "Leeds"]
    assert last_entry()[0] == "licence_tagged"
    assert told() == "Priya Shah tagged London planners “Leeds” in place of “London”."


def test_one_that_is_used_elsewhere_keeps_its_spelling(owner, pool, site):
    tags.change([pool.licence], add=["London"], by=TESTER)

    edit(owner, site, "LONDON")

    assert on(site) == ["London"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x" * 31, "A tag has at most 30 letters"),
        (
            ",".join("abcdefghijk"),
            "A licence has at most 10 tags; London planners would",
        ),
    ],
)
def test_too_much_is_refused(owner, pool, text, said):
    response = edit(owner, pool, text)

    assert response.status_code == 422
    assert said in response.text
    assert on(pool) == []


def test_what_was_tagged_can_be_undone(owner, pool, site):
    tags.change([pool.licence], add=["London"], by=TESTER)
    both = [pool.licence_id, site.licence_id]
    response = bulk(owner, chosen=both, tags="London, CAD", how="add")

    edit(owner, site, "CAD, London, Later")

    undo(owner, response)

    assert (on(pool), on(site)) == (["London"], ["Later"])


def test_nobody_undoes_what_another_did_or_what_is_long_past(owner, manager, pool, monkeypatch):
    response = edit(owner, pool, "London")

    undo(manager, response)
    monkeypatch.setattr(tags, "UNDONE_WITHIN", dt.timedelta())
    undo(owner, response)

    assert on(pool) == ["London"]


def test_tags_many_at_once(owner, pool, site):
    page = bulk(owner, chosen=[pool.licence_id, site.licence_id])
    response = bulk(owner, "q=o", chosen=[pool.licence_id], tags="London", how="add")

    assert "Tag 2 licences" in page.text
    assert "London planners, Estimator." in page.text
    assert response["Location"] == "/licences/?q=o"
    assert (on(pool), on(site)) == (["London"], [])


def test_takes_a_tag_off_all_that_match(owner, pool, site):
    tags.change([pool.licence, site.licence], add=["London"], by=TESTER)

    bulk(owner, "q=estimator", all="1", tags="london", how="remove")

    assert (on(pool), on(site)) == (["London"], [])


def test_all_of_one_table_with_some_of_the_other(owner, pool, site, account):
    other, second = make_pool(account=account), make_single_user(account=account, name="Second")

    bulk(owner, chosen=[pool.licence_id], all="single", tags="London", how="add")

    assert [on(key) for key in (pool, site, second)] == [["London"]] * 3
    assert on(other) == []


def test_wants_a_tag_and_a_licence(owner, pool):
    without_tag = bulk(owner, chosen=[pool.licence_id], tags=" ,", how="add")
    without_licence = bulk(owner, tags="London", how="add")

    assert "Write at least one tag." in without_tag.text
    assert said(without_licence) == [("info", "Nothing was tagged: no licence was chosen.")]
    assert on(pool) == []


def test_the_list_shows_and_narrows_to_a_tag(viewer, pool, site):
    tags.change([site.licence], add=["London"], by=TESTER)

    response = viewer.get("/licences/", {"tag": "london"})

    assert list(response.context["pools"]) == []
    assert [row.tags for row in response.context["single"]] == [["London"]]
    assert ">Tag</button>" not in response.text


def test_stand_in_the_file_of_what_was_ticked(viewer, pool, site):
    tags.change([site.licence], add=["London", "CAD"], by=TESTER)

    sent = {"format": "csv", "chosen": [site.licence_id]}
    rows = rows_of(viewer.post("/licences/export/", sent))

    assert [(row["Name"], row["Tags"]) for row in rows] == [("Estimator", "CAD, London")]


def test_a_viewer_may_not(viewer, pool):
    assert edit(viewer, pool, "London").status_code == 403
    assert bulk(viewer, chosen=[pool.licence_id]).status_code == 403
    assert on(pool) == []


def test_another_accounts_licence_and_tags_are_not_found(stranger, owner, account, pool):
    tags.change([make_pool().licence], add=["Secret"], by=TESTER)
    tags.change([make_pool(account=account).licence], add=["<b>Ours"], by=TESTER)
    asked = owner.get(f"/licences/{pool.licence_id}/tags/").text
    assert ("Secret" in asked, "<b>Ours" in asked, "&lt;b&gt;Ours" in asked) == (False, False, True)

    edited = edit(stranger, pool, "London")
    bulk(stranger, chosen=[pool.licence_id], tags="London", how="add")

    assert edited.status_code == 404
    assert on(pool) == []


def test_more_than_ten_are_refused_by_the_domain(pool):
    with pytest.raises(tags.TooManyTags):
        tags.change([pool.licence], add=list("abcdefghijk"), by=TESTER)

    tags.change([pool.licence], add=list("abcdefghij"), by=TESTER)
    tags.change([pool.licence], add=["k"], remove=["a"], by=TESTER)
    assert on(pool) == list("bcdefghijk")


def test_a_way_back_that_would_be_too_much_changes_nothing(owner, pool):
    tags.change([pool.licence], add=["London"], by=TESTER)
    response = edit(owner, pool, "")
    tags.change([pool.licence], add=list("abcdefghij"), by=TESTER)

    answer = undo(owner, response)

    assert [level for level, _text in said(answer)][-1] == "info"
    assert on(pool) == list("abcdefghij")


@pytest.mark.parametrize("licences", [1, 3])
def test_needs_as_many_queries_for_many_licences(account, django_assert_num_queries, licences):
    keys = [make_single_user(account=account) for _ in range(licences)]
    of_each = [key.licence for key in keys]
    tags.change(of_each, add=["London", "CAD"], by=TESTER)

    with django_assert_num_queries(11):
        entries = tags.change(of_each, add=["Leeds"], remove=["CAD"], by=TESTER)
    with django_assert_num_queries(15):
        undone = tags.undo(account, entries[0].number, entries[-1].number, by=TESTER)

    assert undone == licences
    assert {tuple(on(key)) for key in keys} == {("CAD", "London")}
    assert audit.verify(account)[1] == []
