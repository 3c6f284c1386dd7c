"""The search says how many it finds of each kind."""

from __future__ import annotations

from licensing import sessions
from tests.factories import make_client, make_pool, make_session, make_single_user


def search(browser, q):
    """The answer to a search."""
    return browser.get("/search/", {"q": q})


def test_each_group_says_how_many_there_are(owner, account):
    for number in range(7):
        make_pool(1, account=account, name=f"CAD {number}")

    [group] = search(owner, "CAD").context["groups"]

    assert (len(group.hits), group.total) == (5, 7)


def test_of_sessions_it_says_how_many_are_open(owner, pool):
    closed, *_open = [make_session(pool, make_client(username=f"anna{n}")) for n in range(7)]
    sessions.close(closed.pk)

    assert "6 open, 1 ended in 7 days" in search(owner, "anna").text


def test_as_many_licences_are_told_as_their_list_shows(owner, account):
    """The list knows a licence by its devices, too."""
    make_session(make_single_user(account=account, name="Estimator"), make_client(username="smith"))
    make_pool(1, account=account, name="Smithfield site")

    [group] = [one for one in search(owner, "smith").context["groups"] if one.icon == "certificate"]
    shown = owner.get(group.url).text

    assert group.total == 2
    assert all(hit.name in shown for hit in group.hits)
