"""Saving a view of a list, sharing it, renaming and deleting it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import QueryDict
from django.utils import timezone

from licensing.models import AuditEntry
from portal.listings import LISTINGS
from portal.lists import saved_views
from portal.models import Role, SavedView
from portal.people import privacy
from tests.factories import TESTER
from tests.pages import last_entry
from tests.people import browser_of


def save(browser, query="state=held", listed="sessions", **form):
    """The answer to saving a view."""
    return browser.post(f"/views/{listed}/save/?{query}", {"name": "Held seats"} | form)


def shown(browser, listed="sessions", query=""):
    """The saved views on the list's page, each with whether it is the current one."""
    views = browser.get(f"/{listed}/?{query}").context["views"]
    return [view.name for view in views]


def view(**fields):
    return SavedView.objects.get(**fields)


def test_stands_above_the_list_from_then_on(viewer, account):
    answer = save(viewer, query="state=held&after=WzFd&v=x&q=&nonsense=1")

    assert answer["Location"] == "/sessions/?state=held"
    assert (view().query, view().is_shared) == ("state=held", False)
    text = viewer.get("/sessions/").text
    assert '<a class="chip" href="?state=held">Held seats</a>' in text
    assert "Delete view" not in text


def test_is_marked_where_it_is_shown_however_the_address_is_written(viewer):
    save(viewer, query="q=cad&state=held")

    text = viewer.get("/sessions/?state=held&licence=&q=cad").text

    assert '<a class="chip" href="?q=cad&amp;state=held" aria-current="true">' in text
    assert "Delete view" in text


@pytest.mark.parametrize(
    ("listed", "asked", "expected"),
    [
        ("denials", "from={week}&until=&only=true", "days=7&only=true"),
        ("denials", "from={month}&until=", ""),
        ("denials", "days=90", "days=90"),
        ("denials", "days=8", ""),
        ("denials", "from=2026-01-02&until=2026-01-03", "from=2026-01-02&until=2026-01-03"),
        ("audit", "from={week}&until=&who=tom", "who=tom"),
        ("licences", "single-sort=-name&pools-after=WzFd&q=a+b", "q=a+b&single-sort=-name"),
    ],
)
def test_the_usual_days_go_along_with_time(listed, asked, expected):
    first = {
        name: timezone.localdate() - dt.timedelta(days=days - 1)
        for name, days in (("week", 7), ("month", 30))
    }

    assert saved_views.normal(LISTINGS[listed], QueryDict(asked.format(**first))) == expected


@pytest.mark.slow
def test_each_list_shows_its_own(owner):
    with_page = {name: one.url for name, one in LISTINGS.items() if one.page}
    for name in with_page:
        save(owner, listed=name, name=f"Mine of {name}")

    found = {name: shown(owner, url.strip("/")) for name, url in with_page.items()}

    assert found == {name: [f"Mine of {name}"] for name in with_page}


def test_own_views_come_first_and_shared_ones_say_whose_they_are(owner, manager):
    save(manager, name="A shared one", is_shared="on")
    save(manager, name="A private one")
    save(owner, name="My own")

    assert shown(owner) == ["My own", "A shared one"]
    assert "shared by Tom Reed" in owner.get("/sessions/").text


def test_the_same_name_replaces_ones_own_and_nobody_elses(viewer, manager):
    save(manager)
    save(viewer)
    save(viewer, query="state=quiet")

    queries = SavedView.objects.order_by("pk").values_list("query", flat=True)
    assert list(queries) == ["state=held", "state=quiet"]


def test_twenty_are_enough(viewer, account, monkeypatch):
    monkeypatch.setattr(saved_views, "MOST", 2)
    for name in ("one", "two"):
        save(viewer, name=name)

    refused = save(viewer, name="three")

    assert refused.status_code == 422
    assert "You have 2 views of this list." in refused.text
    assert save(viewer, name="two").status_code == 302
    assert save(viewer, listed="licences", name="three").status_code == 302


@pytest.mark.parametrize("name", ["", " ", "x" * 61])
def test_a_name_is_needed_and_short(viewer, name):
    assert save(viewer, name=name).status_code == 422


def test_a_viewer_cannot_share(viewer):
    assert "Share with the account" not in viewer.get("/views/sessions/save/").text
    assert save(viewer, is_shared="on").status_code == 403
    assert not SavedView.objects.exists()


def test_sharing_is_recorded_and_saving_for_oneself_is_not(manager):
    save(manager)
    assert AuditEntry.objects.filter(object_kind="saved view").count() == 0

    save(manager, is_shared="on")
    assert last_entry() == ("view_shared", "", "Tom Reed <tom@example.com>")

    manager.post(f"/views/{view().pk}/rename/", {"name": "Seats held", "is_shared": "on"})
    assert (last_entry()[0], view().name) == ("shared_view_changed", "Seats held")

    manager.post(f"/views/{view().pk}/rename/", {"name": "Seats held"})
    assert (last_entry()[0], view().is_shared) == ("view_unshared", False)


def test_two_views_never_share_a_name(viewer):
    save(viewer, name="one")
    save(viewer, name="two")

    answer = viewer.post(f"/views/{view(name='two').pk}/rename/", {"name": "one"})

    assert answer.status_code == 422
    assert "Another view of yours has this name." in answer.text


def test_is_deleted_after_asking(viewer):
    save(viewer)

    asked = viewer.get(f"/views/{view().pk}/delete/")
    assert "Only you have it." in asked.text
    answer = viewer.post(f"/views/{view().pk}/delete/")

    assert answer["Location"] == "/sessions/"
    assert not SavedView.objects.exists()


def test_managers_delete_what_others_shared_and_it_is_recorded(owner, manager):
    save(owner, is_shared="on")

    assert "nobody of this account has it" in manager.get(f"/views/{view().pk}/delete/").text
    manager.post(f"/views/{view().pk}/delete/")

    assert last_entry() == ("shared_view_deleted", "", "Tom Reed <tom@example.com>")
    assert not SavedView.objects.exists()


@pytest.mark.census
@pytest.mark.parametrize(
    ("who", "is_shared", "rename", "delete"),
    [
        ("manager", True, 403, 302),
        ("viewer", True, 403, 403),
        ("owner", False, 404, 404),
        ("stranger", True, 404, 404),
        ("staff", True, 404, 404),
    ],
)
def test_others_may_not(request, account, who, is_shared, rename, delete):
    save(browser_of(account, Role.MANAGER), **({"is_shared": "on"} if is_shared else {}))
    browser, pk = request.getfixturevalue(who), view().pk

    assert browser.post(f"/views/{pk}/rename/", {"name": "Mine"}).status_code == rename
    assert browser.post(f"/views/{pk}/delete/").status_code == delete


def test_only_who_sees_a_list_saves_its_views(viewer, stranger, staff):
    assert save(viewer, listed="audit").status_code == 403
    assert save(viewer, listed="people").status_code == 404
    assert save(staff).status_code == 404


def test_one_person_keeps_the_views_of_each_account_apart(viewer, stranger):
    save(viewer)

    assert shown(stranger) == []


def test_readers_of_aliases_see_no_views_of_others(manager, viewer, account):
    save(manager, query="q=jsmith", name="J. Smith", is_shared="on")
    save(viewer, name="Mine")
    privacy.show_aliases(account, True, by=TESTER)

    assert shown(viewer) == ["Mine"]
    assert "J. Smith" not in viewer.get("/").text
