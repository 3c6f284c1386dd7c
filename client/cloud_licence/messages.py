"""Messages: what the user reads, in English or German, and a reference for support.

Words come by state and code, and what a refusal brings along is said with it: dates, names, why.
A code that is not in the table shows the service's own sentence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cloud_licence import answers, words
from cloud_licence.states import (
    CLOCK_TURNED_BACK,
    ENDS_THE_LEASE,
    MOVED,
    POOL_EXHAUSTED,
    Situation,
    State,
)

MENDED_ALONE = {
    "captive_portal",
    "clock_turned_back",
    "rate_limited",
    "service_trouble",
    "timed_out",
    "unreachable",
}
"""What people can mend by themselves: whom to ask stands below the others."""
OF_FEATURES = "feature"
"""The scope of a pool that has seats, but not of a feature."""


@dataclass(frozen=True)
class Message:
    """What to show: a sentence or more, whom to ask, and what support can look up."""

    text: str
    contact: str = ""
    reference: str = ""

    def __str__(self) -> str:
        return "\n".join(line for line in (self.text, self.contact, self.reference) if line)


def message(
    situation: Situation,
    *,
    contact: str = "",
    zone: dt.tzinfo | None = None,
    language: str = words.ENGLISH,
    without: tuple[str, ...] = (),
    way: tuple[str, str] | None = None,
) -> Message:
    """What the user reads. Times are in ``zone``, by default the computer's.

    ``contact`` is the policy's; without one the service's own counts. ``without`` are features
    without which the program could open, ``way`` the address that was asked and the proxy's.
    """
    needs_somebody = situation.state in (State.DENIED, State.KEY_REPLACED)
    needs_somebody = needs_somebody and situation.code not in MENDED_ALONE
    ask = contact or str(situation.facts.get("contact", ""))
    reference = situation.reference
    sentences = [
        *text(situation, zone, language),
        *asked(situation, way, language),
        *offer(without, language),
    ]
    return Message(
        text=" ".join(sentence for sentence in sentences if sentence),
        contact=ask if needs_somebody else "",
        reference=words.say(language, "reference", reference=reference) if reference else "",
    )


def asked(situation: Situation, way: tuple[str, str] | None, language: str) -> Iterator[str]:
    """Who was asked, where that is of use: no answer came, and the program does not open or the
    address is what is wrong."""
    is_useful = situation.state is State.DENIED or situation.code == answers.NO_SERVICE
    if not (way and way[0] and is_useful and situation.code in answers.CAUSES):
        return
    address, proxy = way
    name = "asked.proxy" if proxy else "asked"
    yield words.say(language, name, address=address, proxy=proxy)


def offer(without: tuple[str, ...], language: str) -> Iterator[str]:
    """That the program can do without what it does not get."""
    if without:
        yield words.say(language, "then.without", without=", ".join(without))


def text(situation: Situation, zone: dt.tzinfo | None, language: str) -> Iterator[str]:
    """The sentences for a situation."""
    match situation.state:
        case State.GRACE_OVER if situation.code == CLOCK_TURNED_BACK:
            yield refusal(situation, language)
            yield words.say(language, "then.until_closed")
        case State.UNREACHABLE | State.GRACE_OVER:
            until = words.moment(language, situation.grace_until, zone)
            cause = cause_of(situation.code, language)
            yield words.say(language, f"state.{situation.state}", cause=cause, until=until)
            if situation.code == answers.NO_SERVICE:  # no waiting mends it
                yield words.say(language, "mend.no_service_offline")
        case State.RELEASED:
            why = " ".join(released(situation, zone, language))
            is_moved = situation.facts.get("reason") == MOVED
            name = "state.released.moved" if is_moved else "state.released"
            yield words.say(language, name, why=why)
        case State.KEY_REPLACED:
            name = f"key.{situation.code}"
            yield words.say(language, name) if words.has(name) else situation.detail
            then = "key.at_next_start" if situation.is_open else "key.enter_new"
            yield words.say(language, then)
        case State.DENIED:
            yield from denied(situation, zone, language)
        case _:
            yield words.say(language, f"state.{situation.state}")


def cause_of(code: str, language: str) -> str:
    """Why there is no answer."""
    known = code if code in answers.CAUSES else answers.UNREACHABLE
    return words.say(language, f"cause.{known}")


def denied(situation: Situation, zone: dt.tzinfo | None, language: str) -> Iterator[str]:
    """Why the program does not open, or not again, and what to do."""
    code = situation.code
    if code in answers.CAUSES:
        yield cause_of(code, language)
        wait = situation.facts.get("retry_after", 60)
        yield words.say(language, f"mend.{code}", retry_after=number(wait))
        return
    yield refusal(situation, language)
    yield from facts(situation, zone, language)
    if situation.is_open:
        asks_on = situation.talk_at is not None and code not in ENDS_THE_LEASE
        yield words.say(language, "then.asks_on" if asks_on else "then.goes_on")
    elif words.has(f"then.{code}"):  # one that is open asks again by itself
        yield words.say(language, f"then.{code}")


def refusal(situation: Situation, language: str) -> str:
    """What was refused."""
    name, features = f"refusal.{situation.code}", listed(situation.facts.get("features"))
    if situation.code == POOL_EXHAUSTED and situation.facts.get("scope") == OF_FEATURES:
        return words.say(language, f"{name}.{OF_FEATURES}", features=features)
    return words.say(language, name) if words.has(name) else situation.detail


def facts(situation: Situation, zone: dt.tzinfo | None, language: str) -> Iterator[str]:
    """What a refusal brings along, as far as there are words for it."""
    for fact in answers.FACTS:
        name, value = f"fact.{situation.code}.{fact}", situation.facts.get(fact)
        if words.has(name) and (shown := as_shown(fact, value, zone, language)):
            yield words.say(language, name, **{fact: shown})


def as_shown(fact: str, value: Any, zone: dt.tzinfo | None, language: str) -> str:
    """A fact as people read it; empty if there is none, or it makes no sense."""
    try:
        if fact.endswith("_on"):
            return words.date(language, dt.date.fromisoformat(value))
        if fact.endswith("_at"):
            return words.moment(language, answers.moment(value), zone)
    except (TypeError, ValueError):
        return ""
    return listed(value) if isinstance(value, list) else str(value or "")


def listed(value: Any) -> str:
    """Texts in a row."""
    return ", ".join(str(item) for item in value) if isinstance(value, list) else ""


def number(value: Any) -> str:
    """A number of seconds."""
    return f"{value:.0f}" if isinstance(value, int | float) else str(value)


def released(situation: Situation, zone: dt.tzinfo | None, language: str) -> Iterator[str]:
    """What somebody reads whose session is gone: that, why, and when."""
    name = f"released.{situation.code}"
    yield words.say(language, name if words.has(name) else "released")
    if words.has(reason := f"reason.{situation.facts.get('reason')}"):
        yield words.say(language, reason)
    yield from facts(situation, zone, language)
