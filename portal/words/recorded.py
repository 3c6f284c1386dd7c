"""What the audit record holds in one language for good, in the language of whoever reads it.

The record names an object as it was called when it was changed, in English. Forms find the
names in such a text and set them into the same form in the reader's language; a text that
fits none is shown as it was written.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from licensing.models.licences import LicenceState, UsageModel
from licensing.policies import span
from portal.models import Every, OffBecause, ReportKind, RequestKind, Role, VisitOver
from portal.models.tokens import Scope
from portal.words.times import moment_in_full

FORMS = {
    "client session": [gettext_noop("%(user)s on %(machine)s")],
    "access rule": [
        gettext_noop("Block %(who)s on %(where)s"),
        gettext_noop("Only allow %(who)s on %(where)s"),
    ],
    "invitation": [gettext_noop("%(email)s to %(account)s")],
    "membership": [gettext_noop("%(user)s, %(role)s of %(account)s")],
    "report": [gettext_noop("View “%(name)s”"), "%(kind)s"],
    "request": ["%(kind)s, %(about)s", "%(kind)s"],
    "single sign on": [gettext_noop("Single sign-on of %(account)s")],
}
"""How objects of a kind are written down."""

WORDS = {
    "anybody": gettext_lazy("anybody"),
    "any machine": gettext_lazy("any machine"),
    "More seats": RequestKind.SEATS.label,
    "A move": RequestKind.MOVE.label,
    "Help": RequestKind.HELP.label,
    "Summary of use": ReportKind.SUMMARY.label,
    "Use, day by day": ReportKind.USAGE.label,
    "Licence position": ReportKind.POSITION.label,
    "Viewer": Role.VIEWER.label,
    "Manager": Role.MANAGER.label,
    "Owner": Role.OWNER.label,
}
"""What stands for a name in such a text."""

KINDS: dict[str, str | Promise] = {
    "account": gettext_lazy("account"),
    "licence": gettext_lazy("licence"),
    "product key": gettext_lazy("product key"),
    "client session": gettext_lazy("session"),
    "device": gettext_lazy("device"),
    "access rule": gettext_lazy("access rule"),
    "alert rule": gettext_lazy("alert rule"),
    "membership": gettext_lazy("account holder"),
    "invitation": gettext_lazy("invitation"),
    "API token": gettext_lazy("API token"),
    "report": gettext_lazy("report"),
    "request": gettext_lazy("request"),
    "saved view": gettext_lazy("saved view"),
    "webhook": gettext_lazy("webhook"),
    "single sign on": gettext_lazy("single sign-on"),
    "verified domain": gettext_lazy("e-mail domain"),
}
"""What kinds of objects are called."""

DETAILS: dict[str, str | Promise] = {
    "began": gettext_lazy("Begun in entry"),
    "act": gettext_lazy("Act"),
    "added": gettext_lazy("Added"),
    "after": gettext_lazy("After"),
    "asked_by": gettext_lazy("Asked by"),
    "because": gettext_lazy("Because"),
    "before": gettext_lazy("Before"),
    "block": gettext_lazy("Block"),
    "certificates": gettext_lazy("Certificates"),
    "closes_at": gettext_lazy("Closes"),
    "contact": gettext_lazy("Contact"),
    "devices": gettext_lazy("Devices"),
    "domain": gettext_lazy("Domain"),
    "due": gettext_lazy("From"),
    "email": gettext_lazy("E-mail"),
    "emergency": gettext_lazy("Emergency seats"),
    "ended": gettext_lazy("Sessions ended"),
    "ends_at": gettext_lazy("Ends"),
    "events": gettext_lazy("Events"),
    "every": gettext_lazy("How often"),
    "failed": gettext_lazy("Not made"),
    "feature": gettext_lazy("Code"),
    "features": gettext_lazy("Features"),
    "format": gettext_lazy("Format"),
    "from": gettext_lazy("From account"),
    "from_id": gettext_lazy("Number of that account"),
    "gone_back": gettext_lazy("Seats gone back"),
    "grace_period": gettext_lazy("Grace period"),
    "in_both": gettext_lazy("People who were in both"),
    "into": gettext_lazy("Into account"),
    "into_id": gettext_lazy("Number of that account"),
    "issuer": gettext_lazy("Issuer"),
    "kind": gettext_lazy("Kind"),
    "keys": gettext_lazy("Product keys"),
    "label": gettext_lazy("Label"),
    "left": gettext_lazy("Left as it was"),
    "licence": gettext_lazy("Licence"),
    "licences": gettext_lazy("Licences"),
    "machines": gettext_lazy("Machines"),
    "made": gettext_lazy("Made"),
    "listed": gettext_lazy("List"),
    "messages": gettext_lazy("Messages"),
    "name": gettext_lazy("Feature"),
    "named": gettext_lazy("Holders are named"),
    "network": gettext_lazy("Network"),
    "notes": gettext_lazy("Notes"),
    "on": gettext_lazy("From"),
    "people": gettext_lazy("People"),
    "person": gettext_lazy("Person"),
    "portal": gettext_lazy("Portal"),
    "query": gettext_lazy("Search and filters"),
    "readers": gettext_lazy("Readers"),
    "reclaim_after": gettext_lazy("Seats come back after"),
    "removed": gettext_lazy("Removed"),
    "replaced_by": gettext_lazy("Replaced by"),
    "replaces": gettext_lazy("Replaces"),
    "role": gettext_lazy("Role"),
    "roles": gettext_lazy("Roles"),
    "rows": gettext_lazy("Rows"),
    "rules": gettext_lazy("Access rules"),
    "source": gettext_lazy("Taken in"),
    "scopes": gettext_lazy("Scopes"),
    "seats": gettext_lazy("User limit"),
    "ticket": gettext_lazy("Ticket"),
    "sessions": gettext_lazy("Sessions"),
    "shown": gettext_lazy("Aliases are shown"),
    "since": gettext_lazy("Since"),
    "superseded_at": gettext_lazy("Superseded from"),
    "supersedes": gettext_lazy("Supersedes"),
    "tag": gettext_lazy("Tag"),
    "taken": gettext_lazy("Newcomers join"),
    "threshold": gettext_lazy("Threshold"),
    "until": gettext_lazy("Until"),
    "usage_model": gettext_lazy("Usage model"),
    "webhook": gettext_lazy("Webhook"),
    "username": gettext_lazy("User"),
}
"""What the details of an entry are called."""

NOTHING = {
    "licence": gettext_lazy("Every licence"),
    "reclaim_after": gettext_lazy("No set time"),
}
"""What is told of details without a value, if that says something."""

MOMENTS = ("closes_at", "due", "ends_at", "since", "superseded_at", "until")
LENGTHS = ("grace_period", "reclaim_after")
STATES = {
    LicenceState.ACTIVE.value: gettext_lazy("Active"),
    LicenceState.SUSPENDED.value: gettext_lazy("Suspended"),
    LicenceState.CLOSED.value: gettext_lazy("Closed"),
}
LISTS = {
    "everything": gettext_lazy("Everything"),
    "sessions": gettext_lazy("Sessions"),
    "licences": gettext_lazy("Licences"),
    "denials": gettext_lazy("Denials"),
    "machines": gettext_lazy("Machines"),
    "usage": gettext_lazy("Usage"),
    "usage_days": gettext_lazy("Daily peaks"),
    "usage_sessions": gettext_lazy("Sessions of a day"),
    "usage_groups": gettext_lazy("Use by group"),
    "usage_week": gettext_lazy("The week"),
    "usage_levels": gettext_lazy("Time at each level"),
    "usage_sizes": gettext_lazy("Size advice"),
    "usage_other_model": gettext_lazy("Served better by the other model"),
    "usage_people": gettext_lazy("People and their use"),
    "usage_versions": gettext_lazy("Versions in use"),
    "audit": gettext_lazy("Audit log"),
}
CHOICES: Mapping[str, Mapping[str, str | Promise]] = {
    "source": {
        "alm": gettext_lazy("ALM list"),
        "keygen": "Keygen",
        "options": gettext_lazy("Options file"),
        "export": gettext_lazy("Export of an account"),
    },
    "after": STATES | dict(Role.choices),
    "because": dict(OffBecause.choices) | dict(VisitOver.choices),
    "before": STATES | dict(Role.choices),
    "every": dict(Every.choices),
    "kind": dict(RequestKind.choices),
    "left": DETAILS,
    "listed": LISTS,
    "role": dict(Role.choices),
    "roles": dict(Role.choices),
    "scopes": dict(Scope.choices),
    "usage_model": dict(UsageModel.choices),
}
"""Details whose values are some of a few, each with its word."""


def object_in_words(kind: str, name: str) -> str:
    """What an entry is about, by the name that it had then."""
    if kind == "alert rule":
        return _(name)  # the title of its event
    for form in FORMS.get(kind, ()):
        if found := pattern_of(form).fullmatch(name):
            return _(form) % {field: str(WORDS.get(t, t)) for field, t in found.groupdict().items()}
    return name


@functools.cache
def pattern_of(form: str) -> re.Pattern[str]:
    """What finds the names in a text of this form; a name may hold the form's own words."""
    return re.compile(re.sub(r"%\\\((\w+)\\\)s", named, re.escape(form)), re.DOTALL)


def named(place: re.Match[str]) -> str:
    """A group for a form's placeholder; what stands for a kind or a role is one word of few."""
    name = place[1]
    words = "|".join(map(re.escape, WORDS)) if name in ("kind", "role") else ".+"
    return f"(?P<{name}>{words})"


def kind_in_words(kind: str) -> str:
    """What the kind of an object is called."""
    return str(KINDS.get(kind, kind))


def details_in_words(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each detail's name and value."""
    return [
        (str(DETAILS.get(name, name.replace("_", " ").capitalize())), value_in_words(name, value))
        for name, value in details.items()
    ]


def value_in_words(name: str, value: Any) -> str:
    """A detail's value in one line; "–" for nothing."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if value is None or value == "":
        return str(NOTHING.get(name, "–"))
    if name in MOMENTS:
        return moment_or_text(str(value))
    if name in LENGTHS and isinstance(value, int | float):
        return span(dt.timedelta(seconds=value))
    words = CHOICES.get(name, {})
    if isinstance(value, list):
        return ", ".join(str(words.get(one, one)) for one in value) or "–"
    if isinstance(value, dict):
        return ", ".join(key if of is None else f"{key}: {of}" for key, of in value.items()) or "–"
    return str(words.get(value, value))


def moment_or_text(text: str) -> str:
    """A moment as the reader writes it; what is none as it stands."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment_in_full(moment, now=timezone.now()) if timezone.is_aware(moment) else text
