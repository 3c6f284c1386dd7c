"""Access rules: blocking people and machines, lifting it, and explaining who gets in.

A block beats an allow. Rules are checked at check-out and at each refresh, in the
statement that would grant the seat; a session that is barred ends at its next
refresh, and the program stays open until it is closed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db import models, transaction
from django.db.models import F, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Greatest, Now
from django.utils.translation import gettext as _

from licensing import audit, clock, errors, hot, statements
from licensing.identity import as_compared
from licensing.limits import MOST_ROWS
from licensing.models import AccessRule, Account, ClientSession, Licence
from licensing.models.rules import Effect
from licensing.models.sessions import Like
from licensing.usernames import literally

STAR = "[*]"
"""What a pattern has for the character itself, for programs send it in names as well."""
LONGEST_PATTERN = 255


class Somebody(Protocol):
    """Who asks: a client or a session, both of which know their names as compared."""

    @property
    def person(self) -> str: ...
    @property
    def machine(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether somebody gets in, and the rule that decides it.

    Barred without a rule means that only others are allowed.
    """

    is_allowed: bool
    rule: AccessRule | None


def named(name: str) -> str:
    """The pattern that is about nothing but a name that programs sent, whatever stands in it."""
    return "".join(STAR if as_compared(one) == "*" else one for one in name)


def in_any_domain(name: str) -> list[str]:
    """A user's name behind any domain, and before any as in an address, as patterns."""
    return [rf"*\{name}", f"{name}@*"]


def user_forms(name: str) -> list[str]:
    """The patterns for a user, whom programs tell in three ways: bare, behind a domain, before it.

    A name with its domain is about that one; of an address Windows writes its own word before it.
    """
    plain = named(name)
    if "\\" in plain:
        return [plain]
    behind, before = in_any_domain(plain)
    return [plain, behind] if "@" in plain else [plain, behind, before]


def is_pattern(text: str) -> bool:
    """Whether it is about more than one name."""
    return "*" in text.replace(STAR, "")


def like(pattern: str) -> str:
    """A pattern with ``*`` as PostgreSQL's LIKE reads it; the empty one matches everything."""
    parts = as_compared(pattern).split(STAR)
    return "*".join(literally(part).replace("*", "%") for part in parts) or "%"


def is_like(name: str, pattern: str) -> bool:
    """Whether a name is one that a pattern with ``*`` is about, as PostgreSQL's LIKE would say."""
    parts = [map(re.escape, part.split("*")) for part in as_compared(pattern).split(STAR)]
    meant = r"\*".join(map(".*".join, parts))
    return re.fullmatch(meant, as_compared(name), re.DOTALL) is not None


def require_allowed(licence: Licence, somebody: Somebody) -> None:
    """Raise AccessBlocked when a rule bars this person or machine."""
    values = {
        "licence": licence.pk,
        "person": somebody.person,
        "machine": somebody.machine,
    }
    if not hot.fetch_value(statements.IS_ALLOWED, values):
        raise errors.AccessBlocked


def decide(licence: Licence, somebody: Somebody) -> Decision:
    """Whether this person on this machine may take a seat of the licence, and why."""
    in_force = AccessRule.objects.of_licence(licence).current()
    matching = list(in_force.filter(matches(somebody)))
    for rule in matching:
        if rule.effect == Effect.BLOCK:
            return Decision(is_allowed=False, rule=rule)
    if matching:
        return Decision(is_allowed=True, rule=matching[0])
    only_some = in_force.filter(effect=Effect.ALLOW).exists()
    return Decision(is_allowed=not only_some, rule=None)


def matches(somebody: Somebody) -> RawSQL:
    """That a rule's patterns match this person and machine."""
    return RawSQL(
        "%s LIKE person_like AND %s LIKE machine_like",
        [somebody.person, somebody.machine],
        output_field=models.BooleanField(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRule:
    """A rule as somebody asks for it; without a licence it is about the whole account."""

    licence: Licence | None = None
    effect: Effect = Effect.BLOCK
    username: str = ""
    machine_name: str = ""
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None

    @property
    def is_about_everybody(self) -> bool:
        """Whether it matches every user on every machine."""
        return not (self.username + self.machine_name).replace("*", "").strip()


def add(
    account: Account,
    wanted: NewRule,
    *,
    by: audit.Actor,
    reason: str = "",
    even_everybody: bool = False,
) -> AccessRule:
    """Make an access rule; it holds from now, or from its start.

    Raise InvalidOperation as ``require_sensible`` does.
    """
    [made] = add_all(account, [wanted], by=by, reason=reason, even_everybody=even_everybody)
    return made


@transaction.atomic
def add_all(
    account: Account,
    wanted: Iterable[NewRule],
    *,
    by: audit.Actor,
    reason: str = "",
    even_everybody: bool = False,
) -> list[AccessRule]:
    """Make all of these rules in few statements, or none; raise as ``add`` does."""
    now = clock.database_time()
    made = []
    for rule in wanted:
        starts_at = require_sensible(rule, even_everybody=even_everybody, now=now)
        made.append(row_of(account, rule, starts_at, by=by, reason=reason))
    AccessRule.objects.bulk_create(made, batch_size=MOST_ROWS)
    changes = [(rule, {"licence": str(rule.licence or "")}) for rule in made]
    audit.record_all(changes, "rule_added", by=by, reason=reason)
    return made


def row_of(
    account: Account, wanted: NewRule, starts_at: dt.datetime, *, by: audit.Actor, reason: str
) -> AccessRule:
    """A rule to be saved."""
    return AccessRule(
        account=account,
        licence=wanted.licence,
        effect=wanted.effect,
        username=wanted.username.strip(),
        machine_name=wanted.machine_name.strip(),
        person_like=like(wanted.username),
        machine_like=like(wanted.machine_name),
        reason=reason,
        starts_at=starts_at,
        ends_at=wanted.ends_at,
        created_by=by.name,
    )


def matched(sessions: QuerySet[ClientSession], wanted: NewRule) -> QuerySet[ClientSession]:
    """Those of the sessions that a rule would be about."""
    found = sessions.filter(
        Like(F("person"), Value(like(wanted.username))),
        Like(F("machine"), Value(like(wanted.machine_name))),
    )
    return found.filter(licence=wanted.licence) if wanted.licence else found


def would_bar(
    account: Account, wanted: Sequence[NewRule], among: QuerySet[ClientSession]
) -> list[ClientSession]:
    """The sessions of the account that these rules would bar and none in force does.

    The rules are made, asked as they are at each refresh, and taken back.
    """
    sessions = {one.pk: one for one in among.filter(account=account)}
    asked, now = {"sessions": [*sessions]}, clock.database_time()
    with transaction.atomic():
        before = set(hot.fetch_value(statements.BARRED, asked))
        rows = [
            row_of(account, one, one.starts_at or now, by=audit.SYSTEM, reason="") for one in wanted
        ]
        AccessRule.objects.bulk_create(rows, batch_size=MOST_ROWS)
        barred = set(hot.fetch_value(statements.BARRED, asked)) - before
        transaction.set_rollback(True)
    return [session for pk, session in sessions.items() if pk in barred]


def require_sensible(
    wanted: NewRule, *, even_everybody: bool, now: dt.datetime | None = None
) -> dt.datetime:
    """When the rule would start; the database is asked for the time unless it is given.

    Raise InvalidOperation for one that ends before it starts, and as ``require_names`` does.
    """
    require_names(wanted, even_everybody=even_everybody)
    starts_at = wanted.starts_at or now or clock.database_time()
    if wanted.ends_at and wanted.ends_at <= starts_at:
        raise errors.InvalidOperation(_("The rule would end before it starts."))
    return starts_at


def require_names(wanted: NewRule, *, even_everybody: bool = False) -> None:
    """Raise InvalidOperation for a rule whose names are too long, or that matches everybody
    unless ``even_everybody`` says that this is meant."""
    if wanted.is_about_everybody and not even_everybody:
        raise errors.InvalidOperation(
            _(
                "This rule is about everybody. Name a user or a machine, or confirm that you mean "
                "it."
            )
        )
    if max(len(wanted.username), len(wanted.machine_name)) > LONGEST_PATTERN:
        raise errors.InvalidOperation(_("This name is too long for a rule."))


@transaction.atomic
def lift(rule: AccessRule, *, by: audit.Actor, reason: str = "") -> bool:
    """End a rule now; False if it had ended already."""
    not_over = AccessRule.objects.filter(pk=rule.pk).exclude(ends_at__lte=Now())
    if not not_over.update(ends_at=Greatest(F("starts_at"), Now())):
        return False
    audit.record(rule, "rule_lifted", by=by, reason=reason, licence=str(rule.licence or ""))
    return True


def same_pattern(account: Account, username: str, machine_name: str) -> QuerySet[AccessRule]:
    """The account's rules in force that were made for exactly this user and machine."""
    return (
        AccessRule.objects.filter(account=account)
        .current()
        .filter(person_like=like(username), machine_like=like(machine_name))
    )
