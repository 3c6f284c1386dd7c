"""Every address, asked by support that sees an account as its owner does: read, or refused."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve

from licensing import encryption
from licensing.models import AuditEntry, ProductKey
from portal.models import Visit
from portal.sent import page_marks
from portal.views import visiting
from tests.people import signed_in
from tests.product import every_url
from tests.support.vendor import staff

pytestmark = pytest.mark.census

GO_BY_TOKENS = re.compile(r"^/(api/v1/(sessions|account/)|\.well-known/|healthz$|readyz$)")
WRITES = re.compile(r"^(INSERT|UPDATE|DELETE)\b")
FORM = re.compile(r"<form\b[^>]*>")
ACTION = re.compile(r'action="([^"?]*)')
LINK = re.compile(r'<a\b[^>]*?href="(/[^"?#]*)')
A_FEW = 12
"""Each of so many stands for the others: in one place it is decided by which methods one reads."""
READ_ONLY = "You are viewing read only."
ANSWERS = (200, 204, 404)
"""What a page that is shown answers; who asks of nobody in particular finds nothing."""
NEVER_SHOWN = re.compile(
    "export|reveal|deploy|download|secret|token|webhook|single_sign_on|sso|add_"
)
"""What no name in the table of what is shown may have: those make files and tell secrets."""


@pytest.fixture
def visitor(account, values):
    """Somebody of support who has begun to view the account."""
    browser = signed_in(staff("Support", name="Anna Kowalski"))
    why = {"kind": "Routine", "reason": "Nothing in particular."}
    assert browser.post(f"/support/accounts/{account.pk}/view-as/", why).status_code == 302
    plain = Client()  # a page's mark would be looked for anew before each form
    plain.cookies = browser.cookies
    return plain


@pytest.fixture
def plainly(monkeypatch):
    """Refusals without a page around them: what that looks like, one test tells."""

    def refuse(_request, _template, _context, *, status):
        return HttpResponse(status=status, headers={"X-Read-Only": "1"})

    monkeypatch.setattr(visiting, "render", refuse)


def pages(values):
    """Path and name of each address that goes by who is signed in.

    Of the admin's pages of all tables, which are alike, the first.
    """
    paths = {}
    for address in every_url.every_address():
        path = address.of(values)
        if not GO_BY_TOKENS.match(path):
            paths.setdefault(address.name if address.name.startswith("admin:*") else path, path)
    return {path: resolve(path).view_name for path in paths.values()}


def ask(browser, method, path, **headers):
    """The answer to a visitor, and what it wrote into the database."""
    with CaptureQueriesContext(connection) as asked:
        response = browser.generic(method, path, **headers)
    return response, [one["sql"] for one in asked if WRITES.match(one["sql"])]


def let_through(browser, methods, paths):
    """What was not refused, or wrote something."""
    answers = {(method, path): ask(browser, method, path) for path in paths for method in methods}
    return {
        one: (response.status_code, writes)
        for one, (response, writes) in answers.items()
        if response.status_code != 403 or "X-Read-Only" not in response or writes
    }


def test_nothing_is_done_and_only_what_the_table_shows_is_read(visitor, values, plainly):
    before = AuditEntry.objects.count()
    asked = {path: name for path, name in pages(values).items() if name not in visiting.WAYS_OUT}
    closed = [
        path
        for path, name in asked.items()
        if name not in visiting.SHOWN and not name.startswith(visiting.OF_STAFF)
    ]

    assert let_through(visitor, ("POST",), asked) == {}
    assert let_through(visitor, ("GET",), closed) == {}
    assert let_through(visitor, ("DELETE", "PUT"), list(asked)[::A_FEW]) == {}
    assert let_through(visitor, ("HEAD",), closed[::A_FEW]) == {}

    assert (len(asked) > 250, len(closed) > 150) == (True, True)
    assert (AuditEntry.objects.count(), Visit.objects.going_on().count()) == (before, 1)
    assert [name for name in visiting.SHOWN if NEVER_SHOWN.search(name)] == []


def test_what_is_shown_has_no_acts_and_no_secrets(visitor, account, values):
    """Live rows and the bell too, as a page's script asks for them."""
    keys = [encryption.decrypt(bytes(key.encrypted)) for key in ProductKey.objects.all()]
    secrets = [*keys, *(invitation.code for invitation in account.invitations.all())]
    mark = page_marks.Mark(account.pk, Visit.objects.get().person_id)
    as_script = {page_marks.HEADER: str(mark), "HTTP_X_REQUESTED_WITH": "rows"}
    told = {}
    for path, name in pages(values).items():
        if name not in visiting.SHOWN or not name.startswith("portal:"):
            continue
        headers = as_script if name.endswith(("_rows", "_bell")) else {}
        response, writes = ask(visitor, "GET", path, **headers)
        text = response.text
        shown = [one for one in secrets if one in text]
        closed = closed_links(text) if name == "portal:home" else []
        found = [*forms_of(text), *closed, *shown, *writes]
        if found or response.status_code not in ANSWERS:
            told[path] = (response.status_code, found)

    assert told == {}


def forms_of(text):
    """The forms of a page that do something."""
    forms = [one for one in FORM.findall(text) if 'method="post"' in one]
    return [one for one in forms if name_of(ACTION.search(one)) not in visiting.WAYS_OUT]


def closed_links(text):
    """Where a page leads to what would be refused."""
    return [found[1] for found in LINK.finditer(text) if not is_open(name_of(found))]


def name_of(found):
    """The name of the address that was found, or "" if there is none."""
    try:
        return resolve(found[1]).view_name if found else ""
    except Resolver404:
        return ""


def is_open(name):
    """Whether a link leads to what is shown, or out of the portal."""
    shown = name in visiting.SHOWN | visiting.WAYS_OUT
    return not name or shown or name.startswith(visiting.OF_STAFF)


def test_who_is_refused_reads_why(visitor, values):
    refused = visitor.post(f"/licences/{values['licence_id']}/rename/", {"name": "Mine"})

    assert (refused.status_code, READ_ONLY in refused.text) == (403, True)
    assert "is viewing Brook &amp; Co as its owner sees it" in refused.text


def test_the_api_does_not_know_a_visit(visitor, values):
    """It wants a token, or knows no such method."""
    every = every_url.every_address()
    paths = [one.of(values) for one in every if one.name.startswith("account_api:")]

    for ask_for in (visitor.get, visitor.post):
        assert {ask_for(path).status_code for path in paths} == {401, 405}
