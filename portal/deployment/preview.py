"""The preview: what a program will read, in the order in which it reads, and what is in force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.deployment.values import (
    HIVES,
    Deployment,
    Scope,
    Value,
    policy_key,
    preference_key,
    table,
)


@dataclass(frozen=True, slots=True)
class Level:
    """A place where programs look for values, first come first served."""

    name: str
    key: str
    says: str
    is_written: bool = False


def levels(deployment: Deployment) -> list[Level]:
    """The four places in their order; ``is_written`` marks the one that the files write to."""
    is_for_computers = deployment.scope == Scope.MACHINE
    here = _("The files write here.")
    own = (
        _("Counts where no level above has a key.")
        if deployment.allow_user_entry
        else _("A key does not count here: people may not type their own.")
    )
    return [
        Level(
            _("Computer policy"),
            f"{HIVES[Scope.MACHINE]}\\{policy_key()}",
            here if is_for_computers else _("Overrules these values on computers that have one."),
            is_for_computers,
        ),
        Level(
            _("User policy"),
            f"{HIVES[Scope.USER]}\\{policy_key()}",
            _("Read for what the computer policy leaves open.") if is_for_computers else here,
            not is_for_computers,
        ),
        Level(
            _("Computer setting"),
            deployment.preference_key,
            _("A silent installation writes here."),
        ),
        Level(_("What the user typed"), f"{HIVES[Scope.USER]}\\{preference_key()}", own),
    ]


def left_open(deployment: Deployment) -> Iterator[Value]:
    """The values that the files do not set, each with its default."""
    written = {value.name for value in deployment.values()}
    defaults = {"Proxy": _("the system's"), "ContactText": _("none")}
    for row in table()["values"]:
        if row["name"] not in written:
            yield Value(row["name"], defaults.get(row["name"], row["default"]))
