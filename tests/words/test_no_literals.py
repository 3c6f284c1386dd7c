"""Every page in a language made of marks: a text without marks is one that nobody can translate."""

from __future__ import annotations

import contextlib
import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from licensing import errors, sessions
from portal.models import User
from tests.factories import make_client
from tests.product import every_url
from tests.words import pseudo

READ_ATTRIBUTES = {"aria-label", "title", "placeholder", "alt"}
UNREAD = {"script", "style", "code", "pre", "textarea", "kbd"}
RECORDED = "en-GB"
"""Marks what the audit record holds, which is in one language for good."""
ENGLISH = ("admin:", "support:")
DOCUMENTS = ("/api/v1/account/", "/api/v1/schema/", "/api/v1/sessions")
LETTERS = re.compile(r"[^\W\d_]{2,}")
# What people and programs named: the tests' rows, and words that are alike in all languages.
DATA = re.compile(
    r"Brook & Co|Hill & Dale|London planners|Priya Shah|Tom Reed|Vic Viewer|Person \d+|A test"
    r"|Account \d+|CAD-\w+|ACME\\\w+|anna-real( said so|\S*( left)?)|([\w.]+@)?example\.com"
    r"|Asta Powerproject|Powerproject|Report|(Block )?[*\w\\-]+ on any machine|\*?\\?gone"
    r"|Elecosoft( Licensing)?|English|Deutsch|Pseudo|Please call\.|GMT|BST|UTC|[A-Z]\w+/[\w/ +-]+"
    r"|[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}|(?<=… )\w+|bim|BIM|elp_\w*|https?://\S+|v?\d[\d.]+\w*"
    r"|^user\d+$|[\w<>-]+\\|^Licensing$|[\w-]+\.(reg|ps1|adm[xl]|csv|txt)"  # of registries
)


class Reader(HTMLParser):
    """Collects what a page says outside the marks."""

    def __init__(self):
        super().__init__()
        self.found, self.depth, self.unread = [], 0, []

    def handle_starttag(self, tag, attributes):
        if tag in UNREAD or ("lang", RECORDED) in attributes:
            self.unread.append(tag)
        for name, value in attributes:
            is_button = name == "value" and tag == "input" and ("type", "submit") in attributes
            if value and (name in READ_ATTRIBUTES or is_button):
                self.found += bare(value)[0]

    def handle_endtag(self, tag):
        if self.unread and self.unread[-1] == tag:
            self.unread.pop()

    def handle_data(self, text):
        if not self.unread:
            words, self.depth = bare(text, self.depth)
            self.found += words


def bare(text, depth=0):
    """The texts outside the marks that have letters and are no data, and how deep it ends."""
    outside = []
    for part in re.split(f"([{pseudo.OPEN}{pseudo.CLOSE}])", text):
        depth += {pseudo.OPEN: 1, pseudo.CLOSE: -1}.get(part, 0)
        if depth == 0 and part not in (pseudo.OPEN, pseudo.CLOSE):
            outside.append(part.strip())
    return [part for part in outside if LETTERS.search(DATA.sub("", part))], depth


def literals(page):
    """What a page says that is in no catalogue."""
    reader = Reader()
    reader.feed(re.sub(r"(?<=[/@_])<wbr>", "", page))
    return reader.found


@pytest.fixture
def speaking(monkeypatch, settings, owner, manager, viewer):
    """Everybody reads the language of marks; a browser of nobody asks for it."""
    pseudo.speak(monkeypatch, settings)
    User.objects.update(language=pseudo.CODE)


@pytest.fixture
def browsers(speaking, owner, viewer):
    """Who walks through the pages."""
    nobody = Client(headers={"accept-language": pseudo.CODE})
    return {"owner": owner, "viewer": viewer, "nobody": nobody}


@pytest.fixture
def busy_pool(pool):
    """A pool with somebody in it and somebody who was refused."""
    with contextlib.suppress(errors.PoolExhausted):
        while True:
            sessions.check_out(pool, make_client())
    return pool


def walked(browser, values):
    """What is found on each page that the person may open."""
    found = {}
    for address in every_url.every_address():
        if address.name.startswith(ENGLISH) or address.path.startswith(DOCUMENTS):
            continue
        response = browser.get(address.of(values))
        if response.get("Content-Type", "").startswith("text/html") and not response.streaming:
            said = literals(response.text)
            if said:
                found[address.name] = sorted(set(said))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("person", ["owner", "viewer", "nobody"])
@pytest.mark.slow
def test_on_any_page(browsers, values, busy_pool, person):
    assert walked(browsers[person], values) == {}


def test_on_a_page_of_the_pool(browsers, busy_pool):
    pages = (
        f"/licences/{busy_pool.licence_id}/",
        f"/licences/{busy_pool.licence_id}/?username=x&machine_name=y",
        f"/licences/{busy_pool.licence_id}/offline-policy/",
        f"/licences/{busy_pool.licence_id}/keys/{busy_pool.pk}/",
        f"/licences/{busy_pool.licence_id}/keys/{busy_pool.pk}/reissue/",
        f"/licences/{busy_pool.licence_id}/deployment/",
        "/no-such-page/",
    )

    found = {page: literals(browsers["owner"].get(page).text) for page in pages}
    assert {page: said for page, said in found.items() if said} == {}


def test_in_what_a_form_complains_of(browsers, busy_pool):
    licence = f"/licences/{busy_pool.licence_id}"
    forms = (
        f"{licence}/rules/add/",
        f"{licence}/keys/add/",
        f"{licence}/rename/",
        f"{licence}/offline-policy/",
        f"{licence}/keys/{busy_pool.pk}/reissue/",
        "/requests/new/",
        "/api-tokens/add/",
        "/alerts/",
        "/alerts/rules/add/",
        "/webhooks/",
        "/webhooks/add/",
        "/profile/email/",
        "/accounts/password/change/",
    )

    found = {page: literals(browsers["owner"].post(page).text) for page in forms}
    assert {page: said for page, said in found.items() if said} == {}


def test_in_a_mail(browsers, mailoutbox):
    browsers["nobody"].post("/accounts/password/reset/", {"email": "tom@example.com"})

    [sent] = mailoutbox
    assert literals(sent.subject) + literals(sent.body) == []


def test_a_literal_would_be_found():
    """So that the tests above prove something."""
    page = "<p>⟦Ĥöɱé⟧</p><p>Home</p><p>⟦<b>8</b> öf⟧ 10</p><a title='Bare words'>Tom Reed</a>"

    assert literals(page) == ["Home", "Bare words"]
