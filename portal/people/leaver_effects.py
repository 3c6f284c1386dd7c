"""What every door tells of a leaver before anything is taken from them."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.people import members
from portal.people.leavers import Leaver
from portal.words.names import some_of, user_on_machine


def why_leaver_stays(leaver: Leaver) -> str:
    """Why it cannot be done, if so: an account keeps an owner."""
    if leaver.membership and members.is_last_owner(leaver.membership):
        return members.needs_an_owner(leaver.account)
    return ""


def effects_of_leaving(leaver: Leaver) -> list[str]:
    """What the account knows of the person, and what becomes of it."""
    told = [*of_portal(leaver), *of_seats(leaver)]
    if not told:
        told.append(nothing_known(leaver))
    if leaver.patterns:
        told.append(_("Block rule: %s can't take a seat from now on.") % ", ".join(leaver.patterns))
    elif leaver.username:
        told.append(_("%s is blocked already.") % leaver)
    return told


def nothing_known(leaver: Leaver) -> str:
    """That there is nothing of what was looked for: roles are, by address, for owners alone."""
    if leaver.email and leaver.with_portal:
        return _("The account knows no role, session or device of %s.") % leaver
    return _("No open session and no bound device of %s is known.") % leaver


def of_portal(leaver: Leaver) -> list[str]:
    """Their role, the invitations that wait, and what stays of them."""
    told = []
    if leaver.membership:
        words = {"person": leaver.membership.user, "role": leaver.membership.get_role_display()}
        told.append(
            _("Portal access: %(person)s, %(role)s, sees nothing from their next click.") % words
        )
    if leaver.invitations:
        told.append(_("Portal access: the invitation of %s is cancelled.") % leaver.email)
    if count := leaver.tokens:
        told.append(members.of_tokens(count))
    return told


def of_seats(leaver: Leaver) -> list[str]:
    """Their sessions and devices."""
    told = []
    if leaver.sessions:
        count = len(leaver.sessions)
        text = ngettext(
            "Open sessions: %(n)s seat is free at once (%(names)s). The program stays open.",
            "Open sessions: %(n)s seats are free at once (%(names)s). The programs stay open.",
            count,
        )
        told.append(
            text % {"n": count, "names": some_of([user_on_machine(one) for one in leaver.sessions])}
        )
    if freed := leaver.devices_to_free:
        text = ngettext(
            "Bound devices: %(n)s is freed for somebody else (%(names)s).",
            "Bound devices: %(n)s are freed for somebody else (%(names)s).",
            len(freed),
        )
        told.append(text % {"n": len(freed), "names": some_of([str(one) for one in freed])})
    if kept := leaver.devices_to_keep:
        text = _("Only support can free %s now: its moves of the last 30 days are used.")
        told.append(text % some_of([str(one) for one in kept]))
    return told
