"""Whose programs another minimum version would refuse, as far as they were seen of late."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from licensing import last_versions, versions
from licensing.models import Product
from licensing.sightings import RECENT
from support.words import number_of

MOST_ACCOUNTS = 20


@dataclass
class TooOld:
    """Of one account: how many machines had which version last, and how many are open now."""

    machines: Counter[str] = field(default_factory=Counter)
    is_open: int = 0


def who_would_be_refused(product: Product, minimum: str) -> list[str]:
    """By account, whose machines had an older version last; the most first."""
    found = too_old(product, minimum)
    machines = sum(one.machines.total() for one in found.values())
    days = number_of(RECENT.days, "day")
    if not machines:
        return [f"Nobody was seen with an older version in {days}."]
    total = (
        f"{number_of(machines, 'machine')} of {number_of(len(found), 'account')} had an older "
        f"version when last seen, within {days}. They would be REFUSED when they next start."
    )
    most_first = sorted(found.items(), key=lambda pair: -pair[1].machines.total())
    rest = len(found) - MOST_ACCOUNTS
    more = [f"And {number_of(rest, 'account')} more."] if rest > 0 else []
    return [total, *(in_words(*one) for one in most_first[:MOST_ACCOUNTS]), *more]


def in_words(account: str, seen: TooOld) -> str:
    """``Brook & Co: 4 machines (3 with 15.2, 1 with 15.9), 2 of them open now.``"""
    each = ", ".join(f"{n:,} with {version}" for version, n in sorted(seen.machines.items()))
    is_open = f", {seen.is_open:,} open now" if seen.is_open else ""
    return f"{account}: {number_of(seen.machines.total(), 'machine')} ({each}){is_open}."


def too_old(product: Product, minimum: str) -> dict[str, TooOld]:
    """The machines of each account whose last program of the product is older than that."""
    found: dict[str, TooOld] = {}
    for seen in last_versions.seen(product, within=RECENT):
        if versions.is_at_least(seen.version, minimum):
            continue
        one = found.setdefault(seen.account, TooOld())
        one.machines[seen.version] += seen.machines
        one.is_open += seen.is_open
    return found
