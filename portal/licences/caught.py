"""Whom a block catches: which of today's sessions, and which names of the same user it misses."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from licensing import rules
from licensing.known_names import KnownName, namesakes
from licensing.models import Account, ClientSession
from licensing.models.spelling import Alphabetical
from licensing.rules import NewRule
from portal.words.names import NAMED, some_of, user_on_machine


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
    if not username.strip() or "*" in username:
        return []
    known = namesakes(account, username)
    return [name for name in known if not rules.is_like(name.username, username)]


def told_of(account: Account, name: KnownName) -> str:
    """How many of today's sessions are of a name that a rule misses."""
    number = rules.matched(of_today(account), NewRule(username=name.username)).count()
    text = ngettext("%(n)s of today's sessions", "%(n)s of today's sessions", number)
    return text % {"n": number}
