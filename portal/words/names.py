"""Names of people and machines, as short as a sentence wants them."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from licensing.models import ClientSession, Licence
from licensing.models.licences import LicenceState
from licensing.names import on_one_line

NAMED = 10
"""So many of a longer list are named; the rest are counted."""


def short_name(name: str) -> str:
    """A person's name without the e-mail address that the record keeps beside it."""
    return name.partition(" <")[0]


def named_in_choices(licence: Licence) -> str:
    """A licence's name among others: one that is closed may share it with what took its place."""
    if licence.state != LicenceState.CLOSED:
        return licence.name
    return _("%(licence)s (closed)") % {"licence": licence.name}


def user_on_machine(session: ClientSession) -> str:
    """Whose session it is and where: "ACME\\jsmith on CAD-017"."""
    words = {
        "user": on_one_line(session.username),
        "machine": on_one_line(session.machine_name),
    }
    return _("%(user)s on %(machine)s") % words


def first_of(names: list[str]) -> list[str]:
    """The names as a list, the first of many and how many more there are."""
    more = len(names) - NAMED
    return [*names[:NAMED], _("and %(n)s more") % {"n": more}] if more > 0 else names


def some_of(names: list[str]) -> str:
    """The names, the first of many."""
    more = len(names) - NAMED
    if more <= 0:
        return ", ".join(names)
    return ngettext("%(names)s and %(n)s more", "%(names)s and %(n)s more", more) % {
        "names": ", ".join(names[:NAMED]),
        "n": more,
    }
