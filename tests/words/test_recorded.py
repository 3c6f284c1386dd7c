"""What the audit record holds in English is told in the reader's language: all of its kinds."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import translation

from licensing.models import AccessRule, Account, ClientSession, Licence
from licensing.models.rules import Effect
from portal.models import (
    CustomerRequest,
    Invitation,
    Membership,
    RequestKind,
    Role,
    SingleSignOn,
    User,
)
from portal.people import leavers
from portal.words import recorded

RECORDING = ("audit.record", "audit.record_all")
NEVER_RECORDED = {
    "delivery", "audit entry", "seat", "denial", "outbox event", "export", "licence notes",
    "account preferences", "snooze", "licence tag", "kept form", "secret address", "alert",
    "visit", "planned seats", "import",
}  # fmt: skip
BROOK, LONDON = Account(name="Brook & Co"), Licence(name="London")


def recorded_details():
    """The names of all details that the product's code hands to the record by keyword."""
    for package in ("licensing", "portal", "support"):
        for file in Path(settings.BASE_DIR, package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in RECORDING:
                    yield from (word.arg for word in node.keywords if word.arg)


def test_each_detail_has_a_name():
    by_keyword = set(recorded_details()) - {"by", "reason"}
    in_bulk = {*leavers.Taken.__annotations__, "added", "removed", "listed", "query"}

    assert by_keyword | in_bulk <= recorded.DETAILS.keys()


def test_each_kind_of_object_has_a_name():
    kinds = {
        str(model._meta.verbose_name)
        for app in ("licensing", "portal")
        for model in apps.get_app_config(app).get_models()
        if model is Account or hasattr(model, "account")
    }

    assert kinds - NEVER_RECORDED <= recorded.KINDS.keys()


@pytest.mark.parametrize(
    ("written", "german"),
    [
        (ClientSession(username="anna", machine_name="CAD-1"), "anna an CAD-1"),
        (ClientSession(username="a on b", machine_name="CAD"), "a on b an CAD"),
        (AccessRule(username="gone\\*"), "gone\\* an jedem Rechner sperren"),
        (AccessRule(machine_name="CAD-1", effect=Effect.ALLOW), "Nur alle an CAD-1 zulassen"),
        (CustomerRequest(kind=RequestKind.SEATS, licence=LONDON), "Mehr Plätze, London"),
        (CustomerRequest(kind=RequestKind.HELP), "Hilfe"),
        (Membership(user=User(name="Tom"), role=Role.VIEWER, account=BROOK), None),
        (Invitation(email="anna@example.com", account=BROOK), None),
        (SingleSignOn(account=BROOK), None),
        (LONDON, "London"),
    ],
)
def test_an_object_is_named_in_the_readers_language(written, german):
    kind, name = str(written._meta.verbose_name), str(written)

    assert recorded.object_in_words(kind, name) == name
    with translation.override("de"):
        told = recorded.object_in_words(kind, name)
    assert told == german if german else told != name


def test_what_fits_no_form_is_shown_as_it_was_written():
    with translation.override("de"):
        assert recorded.object_in_words("client session", "somebody") == "somebody"
        assert recorded.object_in_words("of old", "anna on CAD-1") == "anna on CAD-1"
