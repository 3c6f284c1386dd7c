"""The list of active sessions, narrowed and searched."""

from __future__ import annotations

import html
import re

from django.http import QueryDict

from licensing.models import ClientSession
from tests.factories import ago, make_client, make_session
from tests.portal.sessions.listed import listed

EVERYBODY = ["anna", "bert", "cleo", "dora"]
NARROWED = [
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
    ({"state": "nonsense"}, EVERYBODY),
    ({"licence": "none"}, EVERYBODY),
    ({"licence": "9" * 30}, EVERYBODY),
]


def test_narrows(account, four):
    found = [(asked, listed(account, **asked, sort="user")) for asked, _who in NARROWED]

    assert found == NARROWED


def test_finds_a_person_by_any_form_of_their_name(account, pool):
    for name in ("J.Smith@brook.example", "BROOK\\j.smith", "CONTRACTORS\\j.smith", "j.smith"):
        make_session(pool, make_client(username=name))

    found = [
        listed(account, q=q, sort="user") for q in ("BROOK\\j.smith", "user:j.smith@brook.example")
    ]

    assert found == [["BROOK\\j.smith", "J.Smith@brook.example"]] * 2


def test_the_page_has_a_chip_for_each_token_and_says_what_it_does_not_know(owner, four):
    page = owner.get("/sessions/", {"q": "user:anna cad site:London", "sort": "user", "after": "x"})

    without = re.search(r'href="\?([^"]*)"><code>user:anna</code>', page.text)[1]
    asked = QueryDict(html.unescape(without)).dict()
    assert asked == {"q": "cad site:London", "sort": "user"}
    unknown = "No filter called &#x27;site&#x27;. Searching for the text instead."
    assert unknown in page.text
    assert "No sessions match." in page.text


def test_when_it_started_is_not_when_it_was_last_in_touch(account, pool):
    session = make_session(pool)
    ClientSession.objects.update(started_at=ago(hours=3))

    found = [listed(account, q=q) for q in ("started>2h", "last>2h")]

    assert found == [[session.username], []]


def test_any_version_can_be_compared(account, pool):
    for version in ("", "x", "17.1 beta", "16..2", "9" * 40):
        session = make_session(pool, make_client(username=version or "none"))
        ClientSession.objects.filter(pk=session.pk).update(version=version)

    assert listed(account, q="version<17") == ["16..2"]


def test_finds_by_serial_number_and_licence(account, four, pool):
    out_of_a_document = pool.serial_number.replace("-", "\u2013")
    asked = [
        {"q": pool.serial_number.lower()},
        {"q": out_of_a_document},
        {"q": f"serial:{out_of_a_document}"},
        {"licence": pool.licence_id},
    ]

    found = [listed(account, **one, sort="user") for one in asked]

    assert found == [["anna", "bert"]] * 4
