"""The list of active sessions, narrowed and searched."""

from __future__ import annotations

import pytest

from licensing.models import ClientSession
from tests.factories import ago, make_client, make_pool, make_session
from tests.portal.sessions.listed import users


@pytest.mark.census
@pytest.mark.parametrize(
    ("narrowing", "expected"),
    [
        ({"state": "held"}, ["dora"]),
        ({"state": "long"}, ["cleo", "dora"]),
        ({"state": "remote"}, ["bert"]),
        ({"q": "ANNA"}, ["anna"]),
        ({"q": "plan-2"}, ["dora"]),
        ({"q": "tender"}, ["cleo", "dora"]),
        ({"q": "tender dora"}, ["dora"]),
        ({"q": "cad", "state": "quiet"}, ["bert"]),
        ({"q": "100%"}, []),
        ({"q": "user:ann"}, ["anna"]),
        ({"q": "user:ann*"}, ["anna"]),
        ({"q": "user:*nn"}, []),
        ({"q": "MACHINE:cad-*"}, ["anna", "bert"]),
        ({"q": 'pool:"Tender office" user:dora'}, ["dora"]),
        ({"q": "status:offline"}, ["cleo"]),
        ({"q": "last>2h"}, ["cleo", "dora"]),
        ({"q": "last<2h"}, ["anna", "bert"]),
        ({"q": "started>24h"}, ["dora"]),
        ({"q": "version:16.0.2"}, ["anna", "cleo", "dora"]),
        ({"q": "version:16"}, ["anna", "cleo", "dora"]),
        ({"q": "version:16.1"}, []),
        ({"q": "version<17"}, ["anna", "cleo", "dora"]),
        ({"q": "version>16.0.02"}, ["bert"]),
        ({"q": "site:London"}, []),
        ({"q": "key:site"}, ["cleo", "dora"]),
        ({"state": "nonsense"}, ["anna", "bert", "cleo", "dora"]),
        ({"licence": "none"}, ["anna", "bert", "cleo", "dora"]),
        ({"licence": "9" * 30}, ["anna", "bert", "cleo", "dora"]),
    ],
)
def test_narrows(owner, four, narrowing, expected):
    assert users(owner.get("/sessions/", narrowing | {"sort": "user"})) == expected


@pytest.mark.parametrize("q", ["BROOK\\j.smith", "user:j.smith@brook.example"])
def test_finds_a_person_by_any_form_of_their_name(owner, account, pool, q):
    for name in ("J.Smith@brook.example", "BROOK\\j.smith", "CONTRACTORS\\j.smith", "j.smith"):
        make_session(make_pool(1, account=account), make_client(username=name))

    found = owner.get("/sessions/", {"q": q, "sort": "user"})

    assert users(found) == ["BROOK\\j.smith", "J.Smith@brook.example"]


def test_each_token_has_a_chip_that_takes_it_away(owner, four):
    text = owner.get("/sessions/", {"q": "user:anna cad", "sort": "user", "after": "x"}).text

    assert '<a class="chip" href="?q=cad&amp;sort=user"><code>user:anna</code>' in text or (
        '<a class="chip" href="?sort=user&amp;q=cad"><code>user:anna</code>' in text
    )


def test_when_it_started_is_not_when_it_was_last_in_touch(owner, pool):
    session = make_session(pool)
    ClientSession.objects.update(started_at=ago(hours=3))

    found = [users(owner.get("/sessions/", {"q": q})) for q in ("started>2h", "last>2h")]

    assert found == [[session.username], []]


def test_says_that_a_filter_is_unknown(owner, four):
    text = owner.get("/sessions/", {"q": "site:London"}).text

    assert "No filter called &#x27;site&#x27;. Searching for the text instead." in text


@pytest.mark.parametrize("version", ["", "x", "17.1 beta", "16..2", "9" * 40])
def test_any_version_can_be_compared(owner, pool, version):
    session = make_session(pool)
    ClientSession.objects.update(version=version)

    listed = owner.get("/sessions/", {"q": "version<17"}).context["list"].page

    assert [row.pk for row in listed] == ([session.pk] if version == "16..2" else [])


def test_finds_by_serial_number_and_licence(owner, four, pool):
    by_serial = owner.get("/sessions/", {"q": pool.serial_number.lower(), "sort": "user"})
    by_licence = owner.get("/sessions/", {"licence": pool.licence_id, "sort": "user"})

    assert users(by_serial) == users(by_licence) == ["anna", "bert"]


@pytest.mark.parametrize("q", ["%s", "serial:%s"])
def test_finds_by_a_serial_number_out_of_a_document(owner, four, pool, q):
    pasted = pool.serial_number.replace("-", "\u2013")

    found = owner.get("/sessions/", {"q": q % pasted, "sort": "user"})

    assert users(found) == ["anna", "bert"]


def test_says_that_nobody_matches(owner, four):
    assert "No sessions match." in owner.get("/sessions/", {"q": "zzz"}).text
