"""Whatever is typed into an address or a form, by whom, the product answers, and never with 500.

Addresses are read from the resolver and parameters from what the views look up, so a new one
is tried by itself. Few are tried in `make test`, thousands with --hypothesis-profile=prove.
"""

from __future__ import annotations

import functools
import re
from urllib.parse import quote, urlencode

import pytest
from django.apps import apps
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from licensing.models import Account
from tests.api.programs import bearer_of
from tests.factories import make_api_token
from tests.people import signed_in
from tests.product import every_url, hostile, reading
from tests.support.vendor import staff

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*naive datetime:RuntimeWarning"),  # the admin's
    pytest.mark.slow,
]

FORM = "application/x-www-form-urlencoded"
MORE = 4
"""So many times as many examples as other properties have: each is one request."""
ADDRESSES = list(every_url.every_address())
MODELS = {model._meta.model_name: model for model in apps.get_models()}
SENT_ALONG = ("csrfmiddlewaretoken",)


@pytest.fixture
def people(account, owner, viewer):
    """A browser of each, and an account's own program."""
    program = Client(headers=bearer_of(make_api_token(account)))
    superuser = signed_in(staff(is_superuser=True))
    return {
        "nobody": Client(),
        "viewer": viewer,
        "owner": owner,
        "superuser": superuser,
        "program": program,
    }


@pytest.fixture
def asked(people, values, monkeypatch):
    """What an address reads when somebody asks for it: its parameters' names, and its forms."""
    reading.watch(monkeypatch)

    @functools.cache
    def of(address, person):
        path = address_of(address, values)
        with every_url.rolled_back():
            names, forms = reading.read_by(lambda: people[person].get(path))
        in_document = parameters_of(people["nobody"]).get(address.path, [])
        return sorted({*names, *in_document} - set(SENT_ALONG)), forms

    return of


@functools.cache
def parameters_of(browser):
    """The parameters that the API's document describes, by path."""
    paths = browser.get("/api/v1/schema/").json()["paths"]
    return {
        re.sub(r"{(\w+)}", r"<\1>", path): [
            parameter["name"]
            for operation in operations.values()
            for parameter in operation.get("parameters", [])
            if parameter["in"] == "query"
        ]
        for path, operations in paths.items()
    }


def some_of(draw, names):
    """One of the names, or all, each with something hostile."""
    if not names:
        return ""
    chosen = [draw(st.sampled_from(names))] if draw(st.booleans()) else names
    return "&".join(f"{quote(name)}={draw(hostile.written)}" for name in chosen)


def path_of(draw, address, known):
    """The address with the ids of what there is, or with something hostile in their places."""
    if "<" in address.path and draw(st.integers(0, 3)) == 0:
        return every_url.CONVERTER.sub(lambda _: draw(hostile.segments), address.path)
    return address.of(known | row_of(address))


def address_of(address, known):
    """Where somebody asks who means what there is: the console's acts name it in their query."""
    row = row_of(address)
    is_act = row and address.path.startswith("/support/acts/")
    return address.of(known | row) + (f"?id={row['object_id']}" if is_act else "")


def row_of(address):
    """A row of the table that a page of the vendor's is about, if it has one."""
    found = re.match(r"/(?:admin/\w+|support/acts|support/records)/(\w+)/", address.path)
    is_of_account = address.path.startswith("/support/accounts/")
    model = Account if is_of_account else found and MODELS.get(found[1])
    row = model and model._default_manager.first()
    return {"object_id": row.pk, "pk": row.pk} if row else {}


def body_of(draw, form):
    """What the form sends with something hostile in one field, or in all."""
    names = [name for name in form.fields if name not in SENT_ALONG]
    wrong = {name.partition("=")[0]: name for name in some_of(draw, names).split("&")}
    kept = [(n, v) for n, several in form.fields.items() if quote(n) not in wrong for v in several]
    return "&".join([urlencode(kept), *wrong.values()])


def answer_to(browser, method, path, query="", body=""):
    """The status of the answer to a request of which no trace is left."""
    cache.clear()  # no rate limit answers for the page
    cookies = dict(browser.cookies)
    with every_url.rolled_back():
        response = browser.generic(method, path, body, content_type=FORM, QUERY_STRING=query)
    browser.cookies.clear()
    browser.cookies.update(cookies)
    return response.status_code


def more():
    """As many examples as the profile has, and some."""
    return settings(
        max_examples=settings().max_examples * MORE,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@more()
@given(data=st.data())
def test_no_address_answers_500(people, values, asked, data):
    address = data.draw(st.sampled_from(ADDRESSES))
    person = data.draw(st.sampled_from(list(people)))
    names, _forms = asked(address, person)

    path, query = path_of(data.draw, address, values), some_of(data.draw, names)
    status = answer_to(people[person], "GET", path, query)

    event(f"{status}")
    assert status < 500 or (address.path, status) == ("/readyz", 503)


@more()
@given(data=st.data())
def test_no_form_answers_500(people, values, asked, data):
    address = data.draw(st.sampled_from(ADDRESSES))
    person = data.draw(st.sampled_from(list(people)))
    names, forms = asked(address, person)

    if sent := [form for form in forms if form.method == "POST"]:
        form = data.draw(st.sampled_from(sent))
        path, _, query = form.action.partition("?")
        status = answer_to(people[person], "POST", path, query, body_of(data.draw, form))
    else:
        body = some_of(data.draw, names)
        status = answer_to(people[person], "POST", address.of(values), "", body)

    event(f"{status}")
    assert status < 500


@pytest.mark.parametrize(
    ("person", "method", "path", "status"),
    [
        ("owner", "POST", "/theme/?next=0", 302),
        ("owner", "GET", "/accounts/login/?next=http%3A%2F%2F%5B", 302),
        ("nobody", "GET", "/admin/login/?next=http%3A%2F%2F%5B", 302),
        ("nobody", "GET", "/api/v1/schema/?version=%0D%0AX-Evil:1", 200),
        ("nobody", "GET", "/invitations/a%00b/", 404),
        ("nobody", "GET", "/invitations/a%00b/ask/", 404),
        ("nobody", "GET", "/confirm-email/a%00b/", 404),
        ("superuser", "GET", "/admin/licensing/licence/?state__exact=%00", 400),
        ("superuser", "GET", "/admin/licensing/account/0/change/?_to_field=", 400),
        ("superuser", "GET", "/admin/usersessions/usersession/?q=smith", 200),
    ],
)
def test_what_was_found_is_answered(people, person, method, path, status):
    path, _, query = path.partition("?")

    assert answer_to(people[person], method, path, query) == status
