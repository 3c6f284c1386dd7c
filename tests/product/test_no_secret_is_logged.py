"""The log as JSON, with a line for each request: secrets are sent everywhere, and in none of it."""

from __future__ import annotations

import base64
import errno
import io
import json
import logging
import re
from collections import Counter

import pytest
from django.db import OperationalError

from config import logs, rsgi
from licensing.encryption import decrypt
from portal.webhooks import sending
from tests.api import desktop
from tests.browsers import Browser
from tests.config.serving import asked
from tests.factories import PASSWORD, make_api_token, make_pool
from tests.portal.webhooks.made import make_hook, rename
from tests.product.every_url import every_address

SECRET = "s3cretS3cretS3cretS3cretS3cret42"
PARAMETER = re.compile(r"<(?:(\w+):)?\w+>")
OF_KIND = {"int": "1", "uuid": "00000000-0000-0000-0000-000000000000"}
EVERYWHERE = {
    "Authorization": f"Bearer {SECRET}", "Cookie": f"sessionid={SECRET}; csrftoken={SECRET}",
    "X-Forwarded-For": SECRET, "Referer": f"http://testserver/{SECRET}", "User-Agent": SECRET,
    "Idempotency-Key": SECRET, "X-Request-Id": f"{SECRET}!",
}  # fmt: skip
FORMS = (
    "/accounts/login/", "/accounts/login/code/confirm/", "/accounts/password/reset/",
    "/accounts/two-step/authenticate/", "/accounts/reauthenticate/", "/metrics",
    "/accounts/single-sign-on/1/saml/answer/",
)  # fmt: skip
FIELDS = (
    "password", "login", "email", "code", "product_key", "SAMLResponse", "RelayState", "state",
    "token", "csrfmiddlewaretoken", "oldpassword", "password1", "serial_number",
)  # fmt: skip


class Crash:
    """Middleware that fails where a request wants it to."""

    ways = {
        "mistake": RuntimeError("a mistake of ours"),
        "disk": OSError(errno.ENOSPC, "No space left"),
        "outage": OperationalError("gone"),
    }

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, *_):
        if way := request.headers.get("X-Crash"):
            raise self.ways[way]


@pytest.fixture
def log(monkeypatch, settings):
    """What is logged from now on, as a production's console has it."""
    settings.MIDDLEWARE = [
        settings.MIDDLEWARE[0], "config.answered.AnsweredMiddleware", *settings.MIDDLEWARE[1:],
        f"{__name__}.Crash",
    ]  # fmt: skip
    handlers = logging.getLogger().handlers
    [console] = [handler for handler in handlers if type(handler) is logging.StreamHandler]
    stream = io.StringIO()
    monkeypatch.setattr(console, "stream", stream)
    monkeypatch.setattr(console, "formatter", logs.formatter("json"))
    return stream


def lines(log):
    """The log, line by line."""
    return [json.loads(line) for line in log.getvalue().splitlines()]


def addresses_of_texts():
    """Every address with a part of any text in it, which is the secret here."""
    for address in every_address():
        kinds = set(PARAMETER.findall(address.path))
        if kinds - OF_KIND.keys() and not address.name.startswith("admin:"):
            yield PARAMETER.sub(lambda found: OF_KIND.get(found[1], SECRET), address.path)


def test_not_of_any_address_that_holds_one(db, log, client):
    stranger = Browser(enforce_csrf_checks=True, raise_request_exception=False)
    addresses = list(addresses_of_texts())

    for address in addresses:
        stranger.get(address, {"q": SECRET})
        stranger.post(address, dict.fromkeys(FIELDS, SECRET), headers=EVERYWHERE)
        stranger.get(address, headers={"X-Crash": "mistake"})
    for way in Crash.ways:
        stranger.get(f"/invitations/{SECRET}/", headers={"X-Crash": way})
    for name in ("invitations", "api/v1/sessions"):
        scope, proto = asked(f"/{name}/{SECRET}", b"")
        rsgi.refuse(scope, {}, proto, rsgi.NO_ANSWER)

    told = Counter(line["event"] for line in lines(log))
    assert len(addresses) > 20
    assert told["answered"] >= 3 * len(addresses)
    assert told.keys() >= {"disk_full", "not_answered"}
    assert "Traceback" in log.getvalue()
    assert SECRET not in log.getvalue()


def test_not_of_forms_and_of_calls(db, log, client, settings):
    body = json.dumps(dict.fromkeys(FIELDS, SECRET) | {"machine_name": "PC", "username": "x"})
    pair = base64.b64encode(f"4Q7M-0XWT-9K2C:{SECRET}".encode()).decode()
    session = f"{desktop.SESSIONS}/{OF_KIND['uuid']}"

    for path in FORMS:
        client.post(f"{path}?code={SECRET}&state={SECRET}", dict.fromkeys(FIELDS, SECRET))
    for method, path in (
        ("POST", desktop.SESSIONS),
        ("POST", f"{session}/refresh"),
        ("DELETE", session),
        ("GET", "/api/v1/account/licences"),
        ("POST", "/api/v1/vendor/licences"),
        ("GET", f"/api/v1/{SECRET}"),
    ):
        for sent in (body, f'{{"product_key": "{SECRET}'):
            for authorization in (f"Bearer {SECRET}", f"Basic {pair}", SECRET):
                headers = EVERYWHERE | {"Authorization": authorization}
                client.generic(method, f"{path}?token={SECRET}", sent, "application/json",
                               headers=headers)  # fmt: skip

    assert {line["event"] for line in lines(log)} >= {"answered", "api_token_refused"}
    assert {line.get("code") for line in lines(log)} >= {"request_invalid", "token_invalid"}
    assert SECRET not in log.getvalue()


def test_each_line_of_a_program_tells_its_account_however_it_was_answered(db, log, account):
    program, key = Browser(), make_pool(1, account=account)

    opened = desktop.open_session(program, key)
    for _ in range(2):  # the second by one statement
        assert desktop.check_out(program, key).status_code == 409
    desktop.refresh(program, opened)
    desktop.close(program, opened)
    desktop.close_with_key(program, key, opened["id"])

    assert [line["account"] for line in lines(log)] == 6 * [account.pk]


def test_not_of_what_is_right_either(db, log, account, owner, settings):
    settings.SSO_ALLOWS_INTERNAL_PROVIDERS = True
    key = make_pool(2, account=account)
    program, token = Browser(), make_api_token(account)
    hook = make_hook(account, f"http://127.0.0.1:1/{SECRET}")

    opened = desktop.open_session(program, key)
    desktop.refresh(program, opened)
    desktop.close(program, opened)
    program.get("/api/v1/account/licences", headers={"Authorization": f"Bearer {token.plain}"})
    Browser().post("/accounts/login/", {"login": "priya@example.com", "password": PASSWORD})
    owner.get("/")
    rename(key.licence)
    sending.deliver()

    answered = {line["route"]: line for line in lines(log) if line["event"] == "answered"}
    refreshed = answered["api/v1/sessions/<session_id>/refresh"]
    assert refreshed["session"] == opened["id"]
    assert refreshed["licence"] == key.serial_number
    assert refreshed.keys() >= {"request_id", "duration_ms", "timestamp", "level", "status"}
    assert answered["api/v1/account/licences"]["account"] == account.pk
    assert answered[""]["account"] == account.pk
    for secret in (SECRET, key.plain, opened["token"], opened["lease"], token.plain, PASSWORD,
                   decrypt(hook.encrypted_secret), owner.cookies["sessionid"].value):  # fmt: skip
        assert secret not in log.getvalue()
