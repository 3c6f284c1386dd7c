"""Stopping the mails of rules from within a mail, by whoever has it: signed, and no sign-in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from portal.models import AlertRule, User

SALT = "alerts.stop"


@dataclass(frozen=True)
class Stop:
    """Whose mails are to stop, and by which rules."""

    user: User
    rules: list[AlertRule]


def link(user: User, rules: Iterable[AlertRule]) -> str:
    """The address of the page that stops this person's mails by these rules."""
    told = {"user": user.pk, "rules": sorted({rule.pk for rule in rules})}
    path = reverse("portal:stop_alert_mails", args=[signing.dumps(told, salt=SALT)])
    return settings.BASE_URL + path


def read(signed: str) -> Stop | None:
    """What a link is for; None if nothing is left to stop. Raise BadSignature if it is not ours."""
    told = signing.loads(signed, salt=SALT)
    user = User.objects.filter(pk=told["user"]).first()
    rules = AlertRule.objects.filter(pk__in=told["rules"]).select_related("account", "licence")
    return Stop(user, list(rules)) if user and rules else None
