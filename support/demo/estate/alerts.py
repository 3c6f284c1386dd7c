"""The demo's alerts: rules of the account's own beside its first ones, and what is open by them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.conf import settings

from licensing.models import Account
from portal.alerts import incidents, rules, sending
from portal.alerts.rules import Wanted
from portal.models import Role, WebhookKind
from portal.webhooks import hooks
from support.demo.estate.accounts import BROOK
from support.demo.estate.people import MANAGER, OWNER, actor_of, user_of


def make() -> None:
    """An owner is told before pools are full, and a manager of seats that are held, by day."""
    account = Account.objects.get(name=BROOK)
    by = actor_of(OWNER)
    nearly_full = Wanted(event="pool_full", threshold=90, roles=[Role.OWNER, Role.MANAGER])
    held = Wanted(
        event="seat_held",
        people=[user_of(MANAGER)],
        quiet_from=dt.time(19),
        quiet_until=dt.time(7),
    )
    told_by_mail = (nearly_full, held)
    for wanted in (*told_by_mail, *told_in_a_channel(account)):
        rules.add(account, wanted, by=by)


def told_in_a_channel(account: Account) -> Iterator[Wanted]:
    """Everybody is told of full pools where they talk, if the demo has a receiver for that."""
    if not settings.DEMO_RECEIVER:
        return
    address = f"{settings.DEMO_RECEIVER}/channel"
    channel = hooks.keep(account, address, [], by=actor_of(OWNER), kind=WebhookKind.SLACK)
    yield Wanted(event="pool_full", threshold=100, webhook=channel)


def look() -> None:
    """Those are told who want to know what is the case."""
    incidents.look()
    sending.send()
