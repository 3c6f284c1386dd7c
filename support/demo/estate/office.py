"""The office: what account holders keep in the portal besides their licences."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F
from django.http import QueryDict

from licensing import clock
from licensing.models import Licence
from portal.desk import requests
from portal.licences import notes, tags
from portal.lists import saved_views
from portal.models import Delivery, DeliveryState, Membership, RequestKind, Scope
from portal.sessions.listed import SESSIONS
from portal.sign_in import api_tokens
from support.demo.desktops import clocks
from support.demo.estate import alerts, alm_move, catalogue, reports, sales, webhooks
from support.demo.estate.accounts import BROOK
from support.demo.estate.people import MANAGER, OWNER, SUPPORT, VIEWER, actor_of, user_of

MINUTE = 60.0
TAGS = {
    "London planners": ["London", "Planning"],
    "Leeds planners": ["Leeds", "Planning"],
    "Site offices": ["Sites"],
    "Contractors": ["Sites"],
}
ASKED_ABOUT = ("London planners", "Terminal servers")
SHARED_VIEW = "Away since yesterday"
TOKEN_FOR = timedelta(days=90)


def furnish(*, now: float, set_clock: clocks.SetClock) -> None:
    """Let the people of one account do each thing that the portal offers them, of late.

    A smaller estate than the demo's has no such office.
    """
    wanted = {*TAGS, *ASKED_ABOUT}
    if Licence.objects.filter(account__name=BROOK, name__in=wanted).count() < len(wanted):
        return
    for minutes_ago, thing in (
        (50, catalogue.make),
        (49, sales.note_orders),
        (49, alm_move.begin),
        (48, put_tags),
        (45, write_notes),
        (43, share_view),
        (40, ask_for_seats),
        (36, ask_for_help),
        (34, webhooks.make),
        (33, alerts.make),
        (31, make_token),
        (29, webhooks.tell),
        (23, webhooks.try_again),
        (20, reports.order),
        (15, alerts.look),
        (12, answer_for_help),
        (11, have_mails_sent),
        (10, webhooks.make_own),
    ):
        set_clock(now - minutes_ago * MINUTE)
        thing()


def licence_named(name: str) -> Licence:
    """The licence of that name of the account that is shown first."""
    return Licence.objects.select_related("account").get(account__name=BROOK, name=name)


def put_tags() -> None:
    """Say which licences belong to which office."""
    for name, wanted in TAGS.items():
        tags.change([licence_named(name)], add=wanted, by=actor_of(OWNER))


def write_notes() -> None:
    """Name whom planners ask about their pool."""
    notes.write(
        licence_named("London planners"),
        contact_name="Tom Reed",
        contact_email=MANAGER.email,
        text="Budget code 4410. Two seats belong to the Thames project until March.",
        by=actor_of(OWNER),
    )


def share_view() -> None:
    """Save a view of the sessions for everybody."""
    membership = Membership.objects.get(user=user_of(MANAGER), account__name=BROOK)
    wanted = QueryDict("q=last>24h")
    saved_views.save(membership, SESSIONS, wanted, name=SHARED_VIEW, is_shared=True)


def ask_for_seats() -> None:
    """A viewer asks for a bigger pool; the desk has not answered yet."""
    pool = licence_named("London planners")
    text = "The Thames project starts on Monday with four more planners."
    requests.make(pool.account, RequestKind.SEATS, text, by=user_of(VIEWER), licence=pool, seats=14)


def ask_for_help() -> None:
    """A manager asks for help."""
    pool = licence_named("Terminal servers")
    text = "May CTX-02 and CTX-03 be in one pool, or do they need a key each?"
    requests.make(pool.account, RequestKind.HELP, text, by=user_of(MANAGER), licence=pool)


def answer_for_help() -> None:
    """The desk answers it."""
    asked = licence_named("Terminal servers").account.requests.get(kind=RequestKind.HELP)
    text = "One pool and one key serve both: each Citrix session takes one seat of it."
    requests.answer(asked, text, by=actor_of(SUPPORT))


def make_token() -> None:
    """A program of the customer's may read."""
    account = licence_named("London planners").account
    scopes = [Scope.LICENCES, Scope.SESSIONS]
    ends_at = clock.database_time() + TOKEN_FOR
    api_tokens.create(account, "Monthly report", scopes, ends_at=ends_at, by=actor_of(OWNER))


def have_mails_sent() -> None:
    """Nobody is told now of what the demo has behind it."""
    told = Delivery.objects.waiting()
    told.update(state=DeliveryState.SENT, content=b"", settled_at=F("created_at"))
