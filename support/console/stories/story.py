"""A story: what happened to somebody, how it stands, what is done next, what they are told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from licensing.identity import as_compared
from licensing.models import Account, ClientSession, Denial
from licensing.models.denials import CAPACITY, PERSON
from licensing.names import on_one_line
from portal.sessions.story import how_it_ended, steps
from portal.words.refusals import machines_in_words, outcome, people_in_words, refusal
from portal.words.replies import Reply, replies, words_of
from portal.words.states import state_of, tip_of
from support.console import tables
from support.console.fact import Fact, moment, said, to
from support.console.offers import Link, Person
from support.console.stories import blocked
from support.console.stories.advice import Advice
from support.console.stories.looked_up import Event, happened_at
from support.console.stories.of_refusals import OF_REFUSAL
from support.console.stories.of_sessions import OF_SESSION
from support.words import moment as moment_there
from support.words import number_of

MOST_OF_A_DAY = 30
A_DAY = dt.timedelta(days=1)
"""By no calendar: who calls at ten past midnight asks of the evening."""
UNKNOWN = Advice(
    told="the program was not let in.",
    then="This console has no advice for that: ask the developers.",
)


@dataclass(frozen=True)
class Moment:
    """Something of the person's day; where its own story is."""

    at: dt.datetime
    words: str
    url: str
    is_this: bool


@dataclass(frozen=True)
class Story:
    """What the page tells of an event."""

    event: Event
    account: Account | None
    title: str
    blocked: str
    """That a rule keeps them out: since when, by whom and why; "" if none does."""
    told: str
    now: list[str]
    then: str
    ways: list[Link]
    replies: list[Reply]
    facts: list[Fact]
    day: list[Moment]
    day_called: str

    @property
    def steps(self) -> list[Any]:
        """When a session started, was in touch, and ended or should be in touch."""
        return steps(self.event) if isinstance(self.event, ClientSession) else []


def story_of(event: Event, user: Person) -> Story:
    """The story as this person of the staff reads it, by the account's own clocks."""
    advice, words, rule = advice_on(event), words_of(event), blocked.rule_against(event)
    if rule:
        advice = blocked.advice_for(event, advice, rule)
    return Story(
        event=event,
        account=event.account,
        title=f"{words['person']} on {words['machine']}",
        blocked=blocked.told(rule) if rule else "",
        told=told(event),
        now=list(advice.now(event)),
        then=advice.then.format(**words),
        ways=ways(advice, event, user),
        replies=replies(event, signed=getattr(user, "name", ""), is_barred=rule is not None),
        facts=[fact for fact in facts_of(event) if fact.value or fact.at],
        day=day_of(event),
        day_called="Their last 24 hours" if is_of_late(event) else "Their 24 hours around it",
    )


def advice_on(event: Event) -> Advice:
    """What is said of a refusal's code, of how a session stands, or of how it ended."""
    if isinstance(event, Denial):
        return OF_REFUSAL.get(event.code, UNKNOWN)
    return OF_SESSION[event.end_reason or event.state]  # type: ignore[attr-defined]


def told(event: Event) -> str:
    """What happened, in a sentence or two."""
    return refusal_told(event) if isinstance(event, Denial) else session_told(event)


def refusal_told(denial: Denial) -> str:
    """``Refused Tue 24 Nov, 09:02 GMT: London planners had 10 of 10 in use.``"""
    times = f" {number_of(denial.count, 'time')}, last" if denial.count > 1 else ""
    full = {"in_use": grouped(denial.in_use), "seats": grouped(denial.seats)}
    why = advice_on(denial).told.format(**words_of(denial) | full)
    end = outcome(denial) if denial.code in CAPACITY else ""
    sentence = f"Refused{times} {at_there(denial.last_at, denial.account)}: {why}"
    return f"{sentence} {end}." if end else sentence


def grouped(number: int | None) -> str:
    """``12,000``; "" where it is not known."""
    return "" if number is None else f"{number:,}"


def session_told(session: ClientSession) -> str:
    """How it ended, or how it stands, in the words of the portal's own page of it."""
    licence = on_one_line(session.licence.name)
    if session.ended_at:
        at = at_there(session.ended_at, session.account)
        return f"Ended {at}: {licence}. {how_it_ended(session)}."
    state = session.state  # type: ignore[attr-defined]
    limits = {"grace_until": session.grace_until, "reclaim_at": session.reclaim_at}
    tip = tip_of(state, now=timezone.now(), **limits)
    began = at_there(session.started_at, session.account)
    return f"{state_of(state).word}: a seat of {licence} since {began}. {tip}".strip()


def at_there(at: dt.datetime, account: Account | None) -> str:
    """A moment where the account is; UTC where there is none."""
    return moment_there(at, account) if account else f"{at:%a} {at.day} {at:%b %Y, %H:%M} UTC"


def ways(advice: Advice, event: Event, user: Person) -> list[Link]:
    """The acts that make sense and that this person may do, and pages that help."""
    return [link for record, name in advice.ways(event) for link in way(record, name, user)]


def way(record: Any, name: str, user: Person) -> Iterator[Link]:
    """One of them, by its act's name and what it is done to."""
    table = tables.of(type(record))
    called = getattr(record, "machine_name", "") or str(record)
    if not name:
        if table.may_see(user):
            yield Link(called, tables.page_of(record))
        return
    act = table.act_named(name)
    if table.may(user, act) and not act.refusal(record):
        yield Link(f"{act.label}: {called}", table.address(act, [record.pk]))


def facts_of(event: Event) -> Iterator[Fact]:
    """Whom and what it is about, and where that leads."""
    yield to("Account", event.account)
    yield to("Licence", event.licence)
    yield to("Serial number", event.key, is_code=True)
    yield said("User", people_in_words(event.username))
    yield said("Machine", machines_in_words(event.machine_name))
    yield said("Version", event.version)
    if isinstance(event, ClientSession):
        yield Fact(label="Session id", value=str(event.pk), url=tables.page_of(event))
        return
    yield moment("First refused", event.first_at)
    yield moment("Last refused", event.last_at)
    yield said("Times", event.count)
    yield said("Reason", f"{refusal(event.code)} ({event.code})")
    yield Fact(label="Reference", value=event.request_id, is_code=True)


def day_of(event: Event) -> list[Moment]:
    """Each time within a day that they were refused, took a seat and gave one back, in order."""
    if event.account is None:
        return []
    ends = end_of_day(event)
    begins = ends - A_DAY
    moments = [*refused_within(event, begins, ends), *seats_within(event, begins, ends)]
    return sorted(moments, key=lambda moment: moment.at)[-MOST_OF_A_DAY:]


def is_of_late(event: Event) -> bool:
    """Whether it is asked about now: somebody holds a seat, or it was within half a day."""
    if isinstance(event, ClientSession) and not event.ended_at:
        return True
    return happened_at(event) > timezone.now() - A_DAY / 2


def end_of_day(event: Event) -> dt.datetime:
    """Until when their day is told: now, or half a day after what is longer ago."""
    return timezone.now() if is_of_late(event) else happened_at(event) + A_DAY / 2


def refused_within(event: Event, begins: dt.datetime, ends: dt.datetime) -> Iterator[Moment]:
    """When and why the person was refused then."""
    of_account = Denial.every.filter(account=event.account, last_at__gte=begins, last_at__lt=ends)
    theirs = of_account.alias(by_person=PERSON).filter(by_person=as_compared(event.username))
    for denial in theirs.order_by("-last_at")[:MOST_OF_A_DAY]:
        where = machines_in_words(denial.machine_name)
        times = f" ({number_of(denial.count, 'time')})" if denial.count > 1 else ""
        words = f"Refused on {where}: {refusal(denial.code)}{times}"
        yield Moment(denial.last_at, words, address_of(denial), denial == event)


def seats_within(event: Event, begins: dt.datetime, ends: dt.datetime) -> Iterator[Moment]:
    """When the person took seats then, and gave them back."""
    began = Q(started_at__gte=begins, started_at__lt=ends)
    ended = Q(ended_at__gte=begins, ended_at__lt=ends)
    every = ClientSession.every.filter(account=event.account)
    theirs = every.named(person=[as_compared(event.username)])
    sessions = theirs.filter(began | ended).select_related("licence").order_by("-started_at")
    for session in sessions[:MOST_OF_A_DAY]:
        url, is_this = address_of(session), session == event
        seat = f"{on_one_line(session.licence.name)}, {machines_in_words(session.machine_name)}"
        if begins <= session.started_at < ends:
            yield Moment(session.started_at, f"Took a seat: {seat}", url, is_this)
        if session.ended_at and begins <= session.ended_at < ends:
            how = how_it_ended(session)
            yield Moment(session.ended_at, f"Gave it back: {seat}. {how}", url, is_this)


def address_of(event: Event) -> str:
    """Where the event's story is told."""
    name = "denial" if isinstance(event, Denial) else "q"
    return reverse("support:story", query={name: str(event.pk)})
