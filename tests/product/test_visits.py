"""Every address, asked by support that sees an account as its owner does: read, or refused."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from licensing import encryption
from licensing.models import Account, AuditEntry, ProductKey
from portal.models import Visit
from portal.views import visiting
from tests.people import signed_in
from tests.product import every_url
from tests.support.vendor import staff

GO_BY_TOKENS = re.compile(r"^/(api/v1/(sessions|account/)|\.well-known/|healthz$|readyz$)")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
WRITES = re.compile(r"^(INSERT|UPDATE|DELETE)\b")
FORM = re.compile(r"<form\b[^>]*method=\"post\"[^>]*>")
LEADS_TO_ACT = re.compile(r"<confirm-dialog>\s*<a\b[^>]*href=\"([^\"]+)\"", re.DOTALL)
READ_ONLY = "You are viewing read only."


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
        return HttpResponse(READ_ONLY, status=status)

    monkeypatch.setattr(visiting, "render", refuse)


def pages(values):
    """Each address that goes by who is signed in: its name, path and the name it resolves to.

    Of the admin's pages of all tables, which are alike, the first.
    """
    seen = set()
    for address in every_url.every_address():
        path = address.of(values)
        if GO_BY_TOKENS.match(path) or (
            address.name in seen and address.name.startswith("admin:*")
        ):
            continue
        seen.add(address.name)
        yield address, path, resolve(path).view_name


def ask(browser, method, path):
    """The answer to a visitor, and what it wrote into the database."""
    with CaptureQueriesContext(connection) as asked:
        response = getattr(browser, method.lower())(path)
    return response, [one["sql"] for one in asked if WRITES.match(one["sql"])]


def test_nothing_but_reading_is_let_through_and_nothing_is_written(visitor, values, plainly):
    before = AuditEntry.objects.count()

    let_through = {}
    for address, path, name in pages(values):
        if name in visiting.WAYS_OUT:
            continue
        response, writes = ask(visitor, "POST", path)
        if response.status_code != 403 or READ_ONLY not in response.text or writes:
            let_through[address.name] = (response.status_code, writes)

    assert let_through == {}
    assert (AuditEntry.objects.count(), Visit.objects.going_on().count()) == (before, 1)


def test_no_method_but_those_that_read_is_let_through(values):
    """As the one place that decides is asked, with all methods."""
    for _address, path, name in pages(values):
        request = HttpRequest()
        request.path, request.visit, request.resolver_match = path, Visit(), resolve(path)
        for request.method in UNSAFE:
            assert visiting.is_shown(request) is (name in visiting.WAYS_OUT), (name, request.method)


def test_what_is_not_in_the_table_is_not_read_either(visitor, values, plainly):
    """Keys, files, exports, tokens, secrets, acts' pages, and what is the staff's own."""
    open_ones = {}
    for address, path, name in pages(values):
        if name in visiting.SHOWN | visiting.WAYS_OUT or name.startswith(visiting.OF_STAFF):
            continue
        for method in ("GET", "HEAD"):
            response, writes = ask(visitor, method, path)
            if response.status_code != 403 or writes:
                open_ones[address.name] = (response.status_code, writes)

    assert open_ones == {}


def test_what_is_shown_has_no_acts_and_no_secrets(visitor, account, values):
    keys = [encryption.decrypt(bytes(key.encrypted)) for key in ProductKey.objects.all()]
    links = [invitation.code for invitation in account.invitations.all()]
    told = {}
    for address, path, name in pages(values):
        if name not in visiting.SHOWN or not name.startswith("portal:"):
            continue
        response, writes = ask(visitor, "GET", path)
        forms = [one for one in FORM.findall(response.text) if not is_way_out(one)]
        acts = [one for one in LEADS_TO_ACT.findall(response.text) if not is_read(one)]
        secrets = [one for one in [*keys, *links] if one in response.text]
        assert response.status_code in (200, 204, 404), name
        if forms or acts or secrets or writes:
            told[address.name] = (forms, acts, secrets, writes)

    assert told == {}


def test_who_is_refused_reads_why(visitor, values):
    refused = visitor.post(f"/licences/{values['licence_id']}/rename/", {"name": "Mine"})

    assert (refused.status_code, READ_ONLY in refused.text) == (403, True)
    assert "is viewing Brook &amp; Co as its owner sees it" in refused.text


def is_way_out(form):
    """Whether a form leads out of the visit."""
    action = re.search(r'action="([^"]*)"', form)
    return bool(action) and resolve(action[1]).view_name in visiting.WAYS_OUT


def is_read(link):
    """Whether a link of a dialog leads to a page that is shown."""
    return resolve(link.partition("?")[0]).view_name in visiting.SHOWN


def test_the_apis_do_not_know_a_visit(visitor, account):
    answers = [visitor.get(f"/api/v1/account/{page}/").status_code for page in ("keys", "sessions")]

    assert answers == [401, 401]
    assert Account.objects.get(pk=account.pk).visits.going_on().count() == 1
