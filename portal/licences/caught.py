"""Whom a rule catches: which of today's sessions, which names of the same user it misses, and
whether it keeps out nearly everybody.
"""

from __future__ import annotations

import datetime as dt
import functools
import operator
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from licensing import rules
from licensing.known_names import KnownName, namesakes
from licensing.models import AccessRule, Account, ClientSession, Licence
from licensing.models.rules import Effect
from licensing.models.spelling import Alphabetical
from licensing.names import alphabetical, on_one_line
from licensing.rules import NewRule
from licensing.usernames import as_person
from portal.licences.access_rules import blocked
from portal.words.names import NAMED, some_of, user_on_machine

OF_LATE = dt.timedelta(days=30)


def told_of_blocks(account: Account, wanted: Sequence[NewRule]) -> Iterator[str]:
    """Whom the rules block, and which of today's sessions are theirs."""
    for rule in wanted:
        yield blocked(rule)
        if not rule.is_about_everybody:
            yield caught(account, rule)


def question_about(account: Account, wanted: Sequence[NewRule]) -> str:
    """What to ask of blocks that catch everybody, or more than half of those seen of late.

    Nothing is asked of people who are named one by one, nor of one who may be the only one.
    """
    if any(rule.is_about_everybody for rule in wanted):
        return _("This would block everybody. Name a user or a machine, or confirm it here.")
    many = [rule for rule in wanted if rules.is_pattern(rule.username) or not rule.username.strip()]
    if not many:
        return ""
    seen = seen_of_late(account, many[0].licence)
    names, everybody = names_in(matched_by_any(seen, many)), names_in(seen)
    if len(names) < 2 or 2 * len(names) <= len(everybody):
        return ""
    words = {"n": len(names), "all": len(everybody), "names": told(names.values())}
    return (
        _(
            "This would block %(n)s of the %(all)s people seen there in the last 30 days "
            "(%(names)s). Name fewer, or confirm it here."
        )
        % words
    )


def question_about_allowing(account: Account, wanted: Sequence[NewRule]) -> str:
    """What to ask when an "only allow" leaves out more than half of those seen of late.

    Where one is in force already, another lets more people in and leaves nobody out.
    """
    seen = not_limited_yet(seen_of_late(account, wanted[0].licence), account)
    everybody, let_in = names_in(seen), names_in(matched_by_any(seen, wanted))
    left_out = {person: name for person, name in everybody.items() if person not in let_in}
    if 2 * len(left_out) <= len(everybody):
        return ""
    words = {
        "n": len(left_out),
        "all": len(everybody),
        "names": told(left_out.values()),
        "let_in": len(let_in),
    }
    return (
        _(
            "This would leave out %(n)s of the %(all)s people seen there in the last 30 days "
            "(%(names)s) and let in %(let_in)s of them. Name more, or confirm it here."
        )
        % words
    )


def not_limited_yet(seen: QuerySet[ClientSession], account: Account) -> QuerySet[ClientSession]:
    """The sessions of licences in which no "only allow" is in force."""
    in_force = AccessRule.objects.filter(account=account, effect=Effect.ALLOW).current()
    licences = list(in_force.values_list("licence_id", flat=True))
    return seen.none() if None in licences else seen.exclude(licence__in=licences)


def seen_of_late(account: Account, licence: Licence | None) -> QuerySet[ClientSession]:
    """The sessions of late of a licence, or of the whole account."""
    is_of_late = Q(ended_at=None) | Q(ended_at__gt=Now() - OF_LATE)
    seen = ClientSession.every.filter(is_of_late, account=account)
    return seen.filter(licence=licence) if licence else seen


def matched_by_any(
    seen: QuerySet[ClientSession], wanted: Sequence[NewRule]
) -> QuerySet[ClientSession]:
    """The sessions that at least one of the rules is about."""
    return functools.reduce(operator.or_, [rules.matched(seen, rule) for rule in wanted])


def names_in(sessions: QuerySet[ClientSession]) -> dict[str, str]:
    """The names of their users, each as it is written somewhere, by whose they are."""
    by_person = sessions.order_by().values("person").annotate(name=Max("username"))
    return {as_person(name): name for name in by_person.values_list("name", flat=True)}


def told(names: Iterable[str]) -> str:
    """The names in a sentence, the first of many."""
    return some_of(sorted(map(on_one_line, names), key=alphabetical))


def of_today(account: Account) -> QuerySet[ClientSession]:
    """The sessions that are open, or ended today."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    is_of_today = Q(ended_at=None) | Q(ended_at__gte=midnight)
    return ClientSession.every.filter(is_of_today, account=account)


def caught(account: Account, wanted: NewRule) -> str:
    """Which of today's sessions a rule is about, in a sentence."""
    found = rules.matched(of_today(account), wanted)
    number = found.count()
    if not number:
        return _("None of today's sessions is theirs.")
    by_name = found.order_by(Alphabetical("username"), "pk")
    first = [user_on_machine(one) for one in by_name[: NAMED + 1]]
    text = ngettext(
        "%(n)s of today's sessions is theirs (%(names)s).",
        "%(n)s of today's sessions are theirs (%(names)s).",
        number,
    )
    return text % {"n": number, "names": some_of([*first, *[""] * (number - len(first))])}


def missed(account: Account, username: str) -> list[KnownName]:
    """The names of the same user that a rule about this one is not about.

    Whoever writes a pattern has said whom they mean.
    """
    if not username.strip() or rules.is_pattern(username):
        return []
    known = namesakes(account, username.replace(rules.STAR, "*"))
    return [name for name in known if not rules.is_like(name.username, username)]


def told_of(account: Account, name: KnownName) -> str:
    """How many of today's sessions are of a name that a rule misses."""
    number = rules.matched(of_today(account), NewRule(username=rules.named(name.username))).count()
    text = ngettext("%(n)s of today's sessions", "%(n)s of today's sessions", number)
    return text % {"n": number}
