"""Every change that the code records is told in a sentence of its own."""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings

from licensing.models import Account, AuditEntry
from licensing.models.devices import Unbinding
from portal.words.aliases import Names
from portal.words.names import some_of
from portal.words.refusals import outcome
from portal.words.sentences import SENTENCES, sentence

RECORDING = ("audit.record", "audit.record_all")
NAMES = Names(Account(), are_aliases=False)
START = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)


def recorded_actions() -> Iterator[str]:
    """The second argument of each call in the product that records something."""
    for package in ("licensing", "portal", "support"):
        for file in Path(settings.BASE_DIR, package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in RECORDING:
                    yield from actions_of(node.args[1])


def actions_of(argument: ast.expr) -> Iterator[str]:
    if isinstance(argument, ast.Constant):
        yield argument.value
    elif isinstance(argument, ast.JoinedStr):  # f"device_{how}"
        yield from (f"device_{how}" for how in Unbinding)


@pytest.mark.parametrize(
    ("action", "details", "told"),
    [
        ("state_changed", {"after": "active"}, "A test reinstated It."),
        ("state_changed", {"after": "suspended"}, "A test suspended It."),
        ("state_changed", {"after": "closed"}, "A test closed It."),
        ("aliases_changed", {"shown": True}, "A test decided that viewers see aliases."),
        ("aliases_changed", {"shown": False}, "A test decided that viewers see real names."),
        ("rule_added", {"licence": ""}, "A test added the access rule “It” in every licence."),
        ("rule_added", {"licence": "Site"}, "A test added the access rule “It” in Site."),
        ("rule_lifted", {"licence": ""}, "A test lifted the access rule “It” in every licence."),
        ("rule_lifted", {}, "A test lifted the access rule “It”."),
        ("of_old", {}, "A test: of old, It."),
    ],
)
def test_what_was_decided_is_told(action, details, told):
    entry = AuditEntry(action=action, details=details, object_name="It", actor_name="A test")

    assert sentence(entry, NAMES) == told


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ({"seat_at": START + dt.timedelta(minutes=9)}, "Got a seat after 9 min"),
        ({"had_lease": True, "is_fresh": True}, "Worked offline"),
        ({"is_fresh": True}, "No seat yet"),
        ({}, "Gave up"),
    ],
)
def test_what_became_of_a_refusal_is_told(end, told):
    unknown = {"first_at": START, "seat_at": None, "had_lease": False, "is_fresh": False}
    unknown["username"] = "anna"

    assert outcome(SimpleNamespace(**(unknown | end))) == told


def test_of_many_names_ten_are_told():
    names = [str(number) for number in range(12)]

    assert some_of(names[:10]) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9"
    assert some_of(names) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more"


@pytest.mark.slow
def test_no_action_is_left_untold():
    actions = set(recorded_actions())

    assert len(actions) > 10
    assert actions - set(SENTENCES) == set()
