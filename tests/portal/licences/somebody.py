"""Somebody who uses a licence, the page of it, and those of blocks."""

from __future__ import annotations

from licensing import errors, sessions
from licensing.models import AccessRule
from tests.factories import make_client

JSMITH = {"username": "J. Smith", "machine_name": "CAD-017"}


def licence_page(key):
    return f"/licences/{key.licence_id}/"


def get_in(key, **who):
    """Whether somebody gets a seat."""
    try:
        sessions.check_out(key, make_client(**who))
    except errors.AccessBlocked:
        return False
    return True


def add_page(key):
    return f"/licences/{key.licence_id}/rules/add/"


def block_page(session):
    return f"/sessions/{session.pk}/block/"


def rule_asked(**details):
    """What the form sends."""
    return {"username": "", "machine_name": "", "scope": "licence", "reason": "Left us"} | details


def the_rule():
    """What the only rule says: who, where, whether for one licence only."""
    rule = AccessRule.objects.get()
    return rule.username, rule.machine_name, rule.licence_id is not None


def tick(asked):
    """What confirms the question that an answer asked."""
    return {"everybody": "on", "asked_about": asked.context["form"]["asked_about"].value()}
