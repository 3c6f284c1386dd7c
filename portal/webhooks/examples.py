"""An example of each event, and the JSON schema of it: made as the events themselves are made."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from licensing.models import Account, AuditEntry, Licence
from portal.models import Alert, AlertNotice, Webhook, WebhookDelivery
from portal.webhooks import catalogue
from portal.webhooks.documents import (
    AlertData,
    Event,
    EventData,
    TestData,
    alert_of,
    event_of,
    test_of,
)
from portal.words.aliases import Names

AT = dt.datetime(2026, 11, 24, 14, 5, tzinfo=dt.UTC)
KINDS = {
    "session": "client session",
    "key": "product key",
    "licence": "licence",
    "device": "device",
    "rule": "access rule",
    "import": "account",
    "person": "membership",
    "invitation": "invitation",
    "email": "membership",
    "sign_in": "membership",
    "two_step": "membership",
    "sso": "account",
    "domain": "account",
    "account": "account",
    "approval": "membership",
    "support": "account",
    "calendar": "membership",
    "alert_feed": "membership",
    "list": "account",
    "view": "saved view",
    "report": "report",
    "request": "request",
    "api_token": "API token",
    "webhook": "webhook",
    "alert_rule": "alert rule",
    "person.invited": "invitation",
    "person.left": "account",
    "two_step.required": "account",
    "two_step.not_required": "account",
    "sso.joined": "membership",
}
"""What kind of object the events of a subject, or one of them, are about."""
OBJECTS = {
    "account": ("7", "Brook & Co"),
    "licence": ("12", "London planners"),
    "product key": ("31", "7Q2X-4M8K-9D3T"),
    "client session": ("0190d7a4-5b1c-4f6e-9a57-3f6f2f1c8d10", "ACME\\jsmith on CAD-017"),
    "device": ("18", "CAD-017"),
    "access rule": ("5", "Block contractor* on London planners"),
    "membership": ("4", "Tom Reed <tom@brook.example>, Manager of Brook & Co"),
    "invitation": ("9", "tom@brook.example to Brook & Co"),
    "report": ("14", "Summary of use"),
    "request": ("21", "More seats, London planners"),
    "saved view": ("3", "Held in London"),
    "API token": ("2", "Power BI report"),
    "alert rule": ("14", "Pool full"),
    "webhook": ("6", "hooks.brook.example"),
}
"""One of each kind: its id, and how the record names it."""
OF_LICENCE = {"licence": "London planners"}
FEATURE = {"feature": "bim", "name": "BIM"}
ADDRESSES = {"before": "priya@brook.example", "after": "p.shah@brook.example"}
DOMAIN = {"domain": "brook.example"}
PROVIDER = {"issuer": "https://login.brook.example"}
PERSON = {"person": "Tom Reed <tom@brook.example>"}
ALERT_RULE = {
    "threshold": 100,
    "licence": "London planners",
    "tag": "",
    "roles": ["owner"],
    "people": ["tom@brook.example"],
    "webhook": "",
}
MERGED = {"licences": 3, "people": 5, "in_both": 1}
DETAILS: dict[str, dict[str, Any]] = {
    "session.released": OF_LICENCE,
    "session.release_undone": OF_LICENCE,
    "key.issued": {"label": "London office"},
    "key.reissued": {"supersedes": "4M8K-9D3T-7Q2X", "superseded_at": "2026-12-01T09:00:00+00:00"},
    "key.overlap_ended": {"until": "2026-12-01T09:00:00+00:00"},
    "key.sessions_ended": {"ended": 9},
    "key.labelled": {"before": "London", "after": "London office"},
    "licence.issued": {"seats": 10, "usage_model": "concurrent", "features": {"bim": None}},
    "licence.seats_changed": {"before": 10, "after": 12},
    "licence.seats_planned": {"seats": 12, "on": "2026-12-01"},
    "licence.seats_plan_cancelled": {"seats": 12, "on": "2026-12-01"},
    "licence.state_changed": {"before": "active", "after": "suspended"},
    "licence.term_changed": {
        "before": ["2026-01-15", "2027-01-14"],
        "after": ["2026-01-15", "2028-01-14"],
    },
    "licence.policy_changed": {"grace_period": 172800.0, "reclaim_after": 172800.0},
    "licence.feature_added": FEATURE | {"seats": 5},
    "licence.feature_limit_changed": FEATURE | {"before": 5, "after": 8},
    "licence.feature_removed": FEATURE | {"seats": 5},
    "licence.renamed": {"before": "Planners"},
    "licence.tagged": {"added": "London", "removed": ""},
    "licence.notes_changed": {"contact": True, "notes": False},
    "import.began": {"source": "alm", "licences": 120, "seats": 840},
    "import.done": {"source": "alm", "began": 57, "made": 119, "failed": 1},
    "device.moved": OF_LICENCE,
    "device.freed": OF_LICENCE,
    "device.written_off": OF_LICENCE,
    "rule.added": OF_LICENCE,
    "person.invited": {"role": "manager"},
    "person.joined": {"role": "manager"},
    "person.brought": PERSON | {"role": "owner", "from": "Hill & Dale"},
    "person.removed": PERSON,
    "person.left": {"username": "jsmith", "email": "", "sessions": 1, "devices": 0},
    "person.role_changed": PERSON | {"before": "viewer", "after": "manager"},
    "person.name_changed": {"before": "Priya", "after": "Priya Shah"},
    "invitation.resent": {"email": "tom@brook.example"},
    "invitation.cancelled": {"email": "tom@brook.example"},
    "email.changed": ADDRESSES,
    "email.replacement_asked": {"after": "p.shah@brook.example"},
    "email.replaced": ADDRESSES,
    "sso.set_up": PROVIDER,
    "sso.tested": PROVIDER,
    "sso.newcomers_changed": {"taken": True},
    "sso.linked": PROVIDER,
    "sso.joined": PROVIDER,
    "sso.unlinked": PERSON,
    "sso.refused": PROVIDER,
    "domain.added": DOMAIN,
    "domain.verified": DOMAIN,
    "domain.removed": DOMAIN,
    "account.alm_end_dated": {"on": "2026-12-31", "before": "2026-12-15"},
    "account.alm_end_taken_back": {"on": "2026-12-31"},
    "account.closing": {"closes_at": "2026-11-25T14:05:00+00:00"},
    "account.closed": {"licences": 3, "sessions": 27, "keys": 4, "people": 6},
    "account.merged_into": {"into": "Hill & Dale", "into_id": 9} | MERGED,
    "account.merged_from": {"from": "Hill & Dale", "from_id": 9} | MERGED,
    "account.time_zone_changed": {"before": "Europe/London", "after": "Europe/Paris"},
    "account.aliases_changed": {"shown": True},
    "account.sign_out_changed": {"before": 8, "after": 12},
    "account.holders_named_changed": {"named": True},
    "account.working_hours_changed": {
        "before": "Mon-Fri 07:00-19:00",
        "after": "Mon-Fri 08:00-18:00",
    },
    "support.view_began": {"ticket": "4821", "ends_at": "2026-11-24T14:35:00+00:00"},
    "support.view_ended": {"ticket": "4821", "because": "ended", "person": "Anna Kowalski"},
    "list.exported": {"listed": "sessions", "format": "csv", "rows": 27},
    "report.ordered": {"every": "week", "readers": 2},
    "report.changed": {"every": "month", "readers": 3},
    "report.sent": {"readers": 3},
    "request.made": {"kind": "seats"},
    "api_token.created": {"scopes": ["licences:read"], "ends_at": "2027-02-24T00:00:00+00:00"},
    "alert_rule.added": ALERT_RULE,
    "alert_rule.changed": ALERT_RULE,
    "alert_rule.paused": {"until": "2026-11-25T20:05:00+00:00"},
    "webhook.created": {"events": ["session.released"]},
    "webhook.changed": {"events": ["session.released"]},
    "webhook.secret_rotated": {"until": "2026-11-25T20:05:00+00:00"},
    "webhook.sent_again": {"messages": 3},
}
"""What is told beside, as the record has it."""


def example_of(event: str) -> dict[str, Any]:
    """What is posted of such an event."""
    account = Account(pk=7, name="Brook & Co")
    if event == catalogue.TEST:
        test = WebhookDelivery(
            webhook=Webhook(account=account), asked_by="Priya Shah", created_at=AT
        )
        return plain(test_of(test, account))
    if event in catalogue.ALERTS:
        return plain(
            alert_of(
                notice_of(account, is_end=event == "alert.resolved"),
                Names(account, are_aliases=False),
            )
        )
    kind = KINDS.get(event) or KINDS[catalogue.subject_of(event)]
    object_id, object_name = OBJECTS[kind]
    entry = AuditEntry(
        account=account,
        number=58,
        at=AT,
        actor_kind="person",
        actor_name="Priya Shah <priya@brook.example>",
        action=catalogue.act_of(event),
        object_kind=kind,
        object_id=object_id,
        object_name=object_name,
        reason="As agreed",
        details=DETAILS.get(event, {}),
    )
    return plain(event_of(entry, Names(account, are_aliases=False)))


def notice_of(account: Account, *, is_end: bool) -> AlertNotice:
    """That a pool is full, or was."""
    alert = Alert(
        pk=5,
        account=account,
        event="pool_full",
        key="12:100",
        threshold=100,
        licence=Licence(pk=12, name="London planners"),
        facts={"in_use": 10, "seats": 10},
        since=AT,
        opened_at=AT,
        resolved_at=AT if is_end else None,
    )
    return AlertNotice(alert=alert, is_end=is_end)


def plain(event: Event) -> dict[str, Any]:
    """The event as whoever reads the JSON has it."""
    decoded: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(event))
    return decoded


def schema_of(event: str) -> dict[str, Any]:
    """What such an event's JSON is like, by the schemas in ``components``."""
    data: dict[str, Any] = {"$ref": f"#/components/schemas/{data_of(event).__name__}"}
    if details := DETAILS.get(event):
        told = {name: {"type": kind_in_json(value)} for name, value in details.items()}
        data = {"allOf": [data, {"properties": {"details": {"properties": told}}}]}
    properties = {
        "type": {"const": event},
        "timestamp": {"type": "string", "format": "date-time", "description": "When it happened."},
        "data": data,
    }
    return {"type": "object", "properties": properties, "required": list(properties)}


def data_of(event: str) -> type[EventData | TestData | AlertData]:
    """What an event tells."""
    if event in catalogue.ALERTS:
        return AlertData
    return TestData if event == catalogue.TEST else EventData


def kind_in_json(value: object) -> str | list[str]:
    """The type of a value; what may be a number may also be nothing."""
    kinds = {bool: "boolean", str: "string", list: "array", dict: "object"}
    return kinds.get(type(value), ["number", "null"])


def components() -> dict[str, Any]:
    """The schemas of what events tell."""
    _, described = msgspec.json.schema_components(
        [EventData, TestData, AlertData], ref_template="#/components/schemas/{name}"
    )
    return described
