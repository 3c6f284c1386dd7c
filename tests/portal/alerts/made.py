"""Rules for tests, and what a worker does in a moment."""

from __future__ import annotations

from portal.alerts import incidents, rules, sending
from portal.alerts.rules import Wanted
from portal.telling import fan_out
from tests.factories import TESTER


def make_rule(account, event, **wanted):
    """A rule that tells owners, unless told otherwise."""
    wanted = {"roles": ["owner"], "threshold": None} | wanted
    return rules.add(account, Wanted(event=event, **wanted), by=TESTER)


def watch():
    """What workers do all the time: hand over what happened, look, and tell."""
    fan_out.tell()
    incidents.look()
    sending.send()


def act(browser, path, **words):
    """Read an act's page, then confirm it."""
    seen = browser.get(path).context["seen"]
    return browser.post(path, {"seen": seen, "reason": "Routine"} | words)
