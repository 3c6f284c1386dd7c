"""Whatever is sent to whichever operation, the answer is one that the API's document describes.

The operations are read from the document, so a new one is tested without a word here. One
that wants a credential of a new kind needs a line in CREDENTIALS; one whose address names
something of a new kind is better tested with a line in PARAMETERS.
"""

from __future__ import annotations

import functools
import re
import uuid

import pytest
import schemathesis
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    ignored_auth,
    missing_required_header,
    negative_data_rejection,
)

from config.wsgi import application
from portal.models import Role
from tests.api.desktop import basic, bearer, open_session
from tests.api.programs import bearer_of
from tests.api.vendor.shop import make_staff_token
from tests.factories import (
    MembershipFactory,
    make_api_token,
    make_pool,
    make_session,
    make_single_user,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


api = schemathesis.pytest.from_fixture("document")
without_each_value = schemathesis.pytest.from_fixture("document_without_each_value")
OF_ACCOUNTS = "^/api/v1/account/"
OF_THE_VENDOR = "^/api/v1/vendor/"
OF_PROGRAMS = "^/api/v1/(account|vendor)/"
by_chance = min(settings().max_examples // 4, 200)
"""Requests made up for each operation, beside those that go through each value."""
short_or_long = settings(
    max_examples=by_chance, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
a_few = settings(short_or_long, max_examples=by_chance // 2)

CREDENTIALS = {
    "session_token": lambda known: bearer(known.session),
    "product_key": lambda known: basic(known.key.serial_number, known.key.plain),
    "api_token": lambda known: bearer_of(known.key.api_token),
    "staff_token": lambda known: bearer_of(known.key.staff_token),
}
"""By the document's security scheme: the headers of somebody who may do this."""
PARAMETERS = {
    "session_id": lambda known: known.session["id"],
    "licence_id": lambda known: known.key.licence_id,
    "account_id": lambda known: known.key.account_id,
    "key_id": lambda known: known.key.pk,
}
"""By the parameter's name in the address: something that there is."""
# What is put in its place here was perhaps what was wrong with the request.
CANNOT_BE_JUDGED = [negative_data_rejection, ignored_auth, missing_required_header]


ROOM = 400 + 5 * short_or_long.max_examples
"""Seats for all who are let in."""


@pytest.fixture(autouse=True)
def _named_as_before(request):
    """Schemathesis reads a test's name where pytest 9.1 has it no more."""
    request.node._nodeid = request.node.nodeid


def described(**each_value):
    """The API's document, and how the phase is set that goes through each parameter's values."""
    config = SchemathesisConfig.from_dict({"phases": {"coverage": each_value}})
    return schemathesis.openapi.from_wsgi("/api/v1/schema/", application, config=config)


@pytest.fixture(scope="module")
def document(django_db_setup, django_db_blocker):
    """With each value. One method that is not there stands for all (test_access_matrix.py)."""
    with django_db_blocker.unblock():
        return described(**{"unexpected-methods": ["trace"]})


@pytest.fixture(scope="module")
def document_without_each_value(django_db_setup, django_db_blocker):
    """With requests made up by chance alone."""
    with django_db_blocker.unblock():
        return described(enabled=False)


def a_pool():
    """The key of a pool with room for all."""
    return make_pool(ROOM)


def a_single_user():
    """The key of a single-user licence with room for all."""
    return make_single_user(ROOM)


def one_of_either():
    """A pool's key, of an account with a licence of either kind, both in use, and an API token."""
    key = make_pool(ROOM)
    make_session(key)
    make_session(make_single_user(ROOM, account=key.account))
    key.api_token = make_api_token(key.account)
    return key


def one_of_a_customer(staff_token):
    """The key of a pool of a customer who can read it, and a shop's token."""
    key = make_pool()
    MembershipFactory(account=key.account, role=Role.OWNER)
    key.staff_token = staff_token
    return key


class Known:
    """What somebody with this product key has in hand; the program opens when it is needed."""

    def __init__(self, key):
        self.key = key

    @functools.cached_property
    def session(self):
        return open_session(Client(), self.key)


class OfEach(dict):
    """What is known to the senders of each operation's requests, who know no other's."""

    def __init__(self, make_key):
        super().__init__()
        self.make_key = make_key

    def __missing__(self, operation):
        return self.setdefault(operation, Known(self.make_key()))


@pytest.fixture
def pools(transactional_db):
    """A pool for each operation."""
    return OfEach(a_pool)


@pytest.fixture
def single_users(transactional_db):
    """A single-user licence for each operation."""
    return OfEach(a_single_user)


@pytest.fixture
def accounts(transactional_db):
    """An account with a licence of either kind for each operation."""
    return OfEach(one_of_either)


@pytest.fixture
def customers(transactional_db):
    """A customer for each operation, and one shop."""
    return OfEach(functools.partial(one_of_a_customer, make_staff_token()))


def schemes_of(case):
    """The security schemes that the case's operation wants one of."""
    wanted = case.operation.definition.raw.get("security", [])
    return [scheme for either in wanted for scheme in either]


def put_right(case, known):
    """Let the request name what there is, and prove that its sender may ask."""
    for name in set(case.path_parameters or {}) & set(PARAMETERS):
        case.path_parameters[name] = PARAMETERS[name](known)
    if "since" in (case.query or {}):  # that it may not be after ``until`` no schema can say
        case.query.pop("until", None)
    if re.fullmatch(r"[\d,]+", str((case.query or {}).get("licences", ""))):
        case.query["licences"] = str(known.key.licence_id)
    for scheme in schemes_of(case)[:1]:
        case.headers = {**(case.headers or {}), **CREDENTIALS[scheme](known)}
    if isinstance(case.body, dict) and "serial_number" in case.body:
        names = {"serial_number": known.key.serial_number, "product_key": known.key.plain}
        case.body = {**case.body, **names}


def as_new(case):
    """Let a request of the vendor's API be none that was sent before, and of what there is now."""
    headers = {**(case.headers or {})}
    headers.pop("If-Match", None)
    case.headers = headers | ({"Idempotency-Key": str(uuid.uuid4())} if headers else {})


def is_open(context):
    """Whether the operation wants no credential, or wants it in the body."""
    return not context.operation.definition.raw.get("security")


@api.include(is_open).parametrize()
@short_or_long
def test_whatever_a_stranger_sends(case):
    cache.clear()  # or the brake on wrong keys gives nearly every answer

    case.call_and_validate()


@without_each_value.exclude(is_open).parametrize()
@a_few
def test_whatever_a_stranger_sends_where_a_credential_is_wanted(case):
    """They are refused before their values are looked at, so that not each is sent."""
    cache.clear()

    case.call_and_validate()


@api.exclude(path_regex=OF_PROGRAMS).parametrize()
@short_or_long
def test_whatever_a_desktop_sends_with_a_key(case, pools):
    cache.clear()
    put_right(case, pools[case.operation.label])

    case.call_and_validate(excluded_checks=CANNOT_BE_JUDGED)


@without_each_value.exclude(path_regex=OF_PROGRAMS).parametrize()
@short_or_long
def test_whatever_a_desktop_sends_with_a_single_users_key(case, single_users):
    """Each value was refused or not before the kind of licence is looked at."""
    cache.clear()
    put_right(case, single_users[case.operation.label])

    case.call_and_validate(excluded_checks=CANNOT_BE_JUDGED)


@api.include(path_regex=OF_ACCOUNTS).parametrize()
@short_or_long
def test_whatever_a_program_sends_with_a_token(case, accounts):
    cache.clear()
    put_right(case, accounts[case.operation.label])

    case.call_and_validate(excluded_checks=CANNOT_BE_JUDGED)


@api.include(path_regex=OF_THE_VENDOR).parametrize()
@short_or_long
def test_whatever_a_shop_sends_with_a_staff_token(case, customers):
    cache.clear()
    put_right(case, customers[case.operation.label])
    as_new(case)

    case.call_and_validate(excluded_checks=CANNOT_BE_JUDGED)


def test_there_is_a_credential_for_every_scheme(client):
    document = client.get("/api/v1/schema/").json()

    assert document["components"]["securitySchemes"].keys() == CREDENTIALS.keys()
