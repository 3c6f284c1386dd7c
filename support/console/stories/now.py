"""How what somebody was refused for stands at the moment, and what may be done about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from licensing import pools
from licensing.models import ClientSession, Denial, Device, Licence
from licensing.models.sessions import SessionState
from support.acts.keys import replacement_of
from support.console import keys, tables
from support.console.stories.advice import Way
from support.words import day, number_of

MOST_NAMED = 3


def away(denial: Denial) -> list[Any]:
    """The sessions that hold seats of the licence and are out of touch, the longest first."""
    held = tables.of(ClientSession).rows().filter(licence=denial.licence, ended_at=None)
    out = held.filter(state__in=[SessionState.OFFLINE, SessionState.HELD])
    return list(out.order_by("refreshed_at", "pk"))


def seats_now(denial: Denial) -> Iterator[str]:
    """How full the pool is, and who holds its seats without being there."""
    licence: Any = denial.licence
    yield from features_of_that_size(denial)
    yield f"Now {pools.in_use(licence):,} of {licence.seats:,} are in use."
    names = [session.machine_name for session in away(denial)]
    if not names:
        yield "Everybody who holds a seat is in touch."
        return
    verb = "holds one of them" if len(names) == 1 else f"hold {len(names):,} of them"
    yield f"{listed(names)} {verb} offline."


def features_of_that_size(denial: Denial) -> Iterator[str]:
    """That it may have been a feature that was full, and not the licence: nobody wrote it down."""
    licence: Any = denial.licence
    limited = licence.licence_features.limited().filter(seats=denial.seats)
    names = [str(one.feature) for one in limited.select_related("feature")]
    if names and denial.seats != licence.seats:
        yield f"So many seats has {listed(names)}, which the program asked for."


def listed(names: list[str]) -> str:
    """``CAD-03 and CAD-11``; of many the first, and how many others."""
    if len(names) > MOST_NAMED + 1:
        names = [*names[:MOST_NAMED], f"{len(names) - MOST_NAMED:,} others"]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def ways_to_a_seat(denial: Denial) -> Iterator[Way]:
    """Seats that somebody holds who is away, and more seats."""
    for session in away(denial)[:MOST_NAMED]:
        yield session, "release"
    yield from of_licence("seats")(denial)


def bound_to(denial: Denial) -> list[Any]:
    """The devices that the licence is bound to."""
    return list(tables.of(Device).rows().filter(licence=denial.licence, unbound_at=None))


def devices_now(denial: Denial) -> Iterator[str]:
    """Where the licence is bound."""
    names = [device.machine_name for device in bound_to(denial)]
    yield f"Now it is bound to {listed(names)}." if names else "Now it is bound to no device."


def key_now(denial: Denial) -> Iterator[str]:
    """How the key stands."""
    if denial.key:
        yield f"The key of {denial.key}: {keys.in_words(denial.key)}".removesuffix(".") + "."


def ways_to_a_key(denial: Denial) -> Iterator[Way]:
    """The key that replaced the one that was typed."""
    if denial.key and (new := replacement_of(denial.key)):
        yield new, ""
    elif denial.key:
        yield denial.key, ""


def term_now(denial: Denial) -> Iterator[str]:
    """Between which days the licence is good."""
    licence: Any = denial.licence
    yield f"Its first day is {day(licence.starts_on)}, its last {day(licence.ends_on)}."


def state_now(denial: Denial) -> Iterator[str]:
    """How the licence stands."""
    licence: Any = denial.licence
    yield f"Now it is {licence.get_state_display().lower()}."


def version_now(denial: Denial) -> Iterator[str]:
    """From which version on the product is licensed so."""
    licence: Any = denial.licence
    product = licence.product
    yield f"{product} needs version {product.minimum_version or 'any'} or a later one."


def others_now(denial: Denial) -> Iterator[str]:
    """What the licence is for, and how many others there are."""
    licence: Any = denial.licence
    others = licence.account.licences.exclude(product=licence.product).count()
    yield f"It is for {licence.product}. They have {number_of(others, 'licence')} for others."


def features_now(denial: Denial) -> Iterator[str]:
    """What the licence includes."""
    licence: Any = denial.licence
    names = [str(one.feature) for one in licence.licence_features.select_related("feature")]
    yield f"It includes {listed(names)}." if names else "It includes no features."


def of_licence(act: str) -> Callable[[Denial | ClientSession], Iterator[Way]]:
    """This act upon the licence, or its page."""

    def ways(event: Denial | ClientSession) -> Iterator[Way]:
        if event.licence_id:
            yield tables.of(Licence).rows().get(pk=event.licence_id), act

    return ways
