"""Orders: the licences of the estate, issued when their teams began."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable, Mapping

from django.db import connection

from licensing import licences
from licensing.licences import Order
from licensing.models import Licence, ProductKey
from licensing.models.licences import UsageModel
from support.demo.desktops.clocks import SetClock, moment
from support.demo.desktops.days import DAY
from support.demo.estate import people
from support.demo.estate.teams import Team

ZONE = zoneinfo.ZoneInfo("Europe/London")
WHOLE_HISTORY = 90
"""Days of history in which every incident has its place."""

# Column defaults know the real clock only; the audit record and the sessions know better.
PUT_TIMES_RIGHT = [
    """
    UPDATE licensing_account account SET created_at = entry.at
    FROM licensing_auditentry entry
    WHERE entry.account_id = account.id AND entry.action = 'account_created'
    """,
    """
    UPDATE licensing_licence licence SET created_at = entry.at
    FROM licensing_auditentry entry
    WHERE entry.account_id = licence.account_id AND entry.object_id = licence.id::text
        AND entry.action = 'licence_issued'
    """,
    """
    UPDATE licensing_productkey key SET created_at = entry.at
    FROM licensing_auditentry entry
    WHERE entry.account_id = key.account_id AND entry.object_id = key.id::text
        AND entry.action IN ('key_issued', 'key_reissued')
    """,
    """
    UPDATE portal_customerrequest request SET asked_at = entry.at
    FROM licensing_auditentry entry
    WHERE entry.account_id = request.account_id AND entry.object_id = request.id::text
        AND entry.action = 'request_made'
    """,
    """
    UPDATE portal_apitoken token SET created_at = entry.at
    FROM licensing_auditentry entry
    WHERE entry.account_id = token.account_id AND entry.object_id = token.id::text
        AND entry.action = 'api_token_created'
    """,
    """
    UPDATE support_orderreference reference SET noted_at = licence.created_at
    FROM licensing_licence licence WHERE licence.id = reference.licence_id
    """,
    """
    UPDATE licensing_device device SET bound_at = first.at
    FROM (
        SELECT licence_id, machine_name, min(started_at) AS at FROM licensing_clientsession
        GROUP BY licence_id, machine_name
    ) first
    WHERE first.licence_id = device.licence_id AND first.machine_name = device.machine_name
    """,
]


def issue(team: Team, *, days: int, now: float, set_clock: SetClock) -> ProductKey:
    """Issue the team's licence at the time when the team begins; return its key.

    The domain refuses a check-out on a licence that has ended, by Python's clock; so
    one that is to have ended by now gets its term in ``put_terms_right``.
    """
    today = moment(now).astimezone(ZONE).date()
    set_clock(began(team, days, now))
    order = Order(
        account_name=team.account,
        seats=first_seats(team, days),
        product=team.product,
        usage_model=team.usage_model,
        name=team.licence,
        features=team.features,
        policy=team.policy,
        starts_on=date_in(team.starts, today),
        ends_on=None if has_ended(team) else date_in(team.ends, today),
    )
    key, _ = entered(order)(order, by=people.actor_of(people.SALES), reason="Order")
    return key


def entered(order: Order) -> Callable[..., tuple[ProductKey, str]]:
    """How the order becomes a licence: lease licences are not sold any more."""
    return licences.take_over_lease if order.usage_model == UsageModel.LEASE else licences.issue


def first_seats(team: Team, days: int) -> int:
    """The user limit that was ordered; a shorter history begins after it was changed."""
    return team.seats_at_first or team.seats if days >= WHOLE_HISTORY else team.seats


def began(team: Team, days: int, now: float) -> float:
    """When the team began: its licence was issued then."""
    return now - min(team.since, days) * DAY


def has_ended(team: Team) -> bool:
    """Whether the term of the team's licence is over."""
    return team.ends is not None and team.ends < 0


def date_in(days: int | None, today: dt.date) -> dt.date | None:
    """The date in so many days."""
    return None if days is None else today + dt.timedelta(days=days)


def put_terms_right(issued: Mapping[Team, ProductKey], *, now: float) -> None:
    """Let the licences end that are to have ended by now."""
    today = moment(now).astimezone(ZONE).date()
    for team, key in issued.items():
        if has_ended(team):
            licence = Licence.objects.filter(pk=key.licence_id)
            licence.update(ends_on=date_in(team.ends, today))


def put_times_right() -> None:
    """Let accounts, licences, keys and devices be as old as their history."""
    with connection.cursor() as cursor:
        for statement in PUT_TIMES_RIGHT:
            cursor.execute(statement)
