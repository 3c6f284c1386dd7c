"""Use over time: peaks, the week, how many seats are enough, and who used them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from licensing import standby
from licensing.models import ClientSession
from portal.licences.other_model import OtherModel
from portal.lists import periods
from portal.sessions.endings import ENDED_OF
from portal.usage import cards
from portal.usage.asked import UseAsked, today
from portal.usage.figures import Figures
from portal.usage.groups import choices
from portal.usage.listed_use import USE
from portal.usage.people import versions_in
from portal.usage.tiles import compared_with, tiles
from portal.usage.use import day_opened, figures_of, groups_of, sizes_of
from portal.views.access import AccountRequest, role_required
from portal.words.aliases import Names, names_for

MOST_PEOPLE = MOST_GROUPS = 20
"""How many stand on the page; the file has all."""


@require_safe
@role_required(USE.role)
@standby.answers
def usage(request: AccountRequest) -> HttpResponse:
    """The use of some licences on some days; what cannot be counted says why."""
    use = UseAsked(request.account, request.GET)
    if settled := periods.settled(request, today(use.working)):
        return settled
    context: dict[str, object] = {"use": use}
    if not use.problem and ClientSession.every.filter(account=request.account).exists():
        figures, names = figures_of(use), names_for(request.membership)
        context |= {
            "figures": figures,
            "made": timezone.now(),
            "tiles": tiles(figures, use),
            "compared_with": compared_with(use),
            "peaks": cards.peaks(figures, use),
            "opened": day_opened(figures, names),
            "to_ended": to_ended(figures),
            "week": cards.week(figures),
            "levels": cards.levels(figures),
            "sizes": sizes_of(use, figures),
        }
        if use.tells_who:
            context |= who_used(use, figures, names)
    return render(request, "portal/usage/usage.html", context)


def who_used(use: UseAsked, figures: Figures, names: Names) -> dict[str, object]:
    """What the page tells of those who used seats, and with what: each reads all sessions."""
    return {
        "groups": groups_of(use, figures, names),
        "group_choices": choices(use),
        "most_groups": MOST_GROUPS,
        "other_model": other_model_of(use, names),
        "people": [
            (names.person(person.username), person) for person in figures.people[:MOST_PEOPLE]
        ],
        "versions": versions_in(use.licences, use.range),
    }


def other_model_of(use: UseAsked, names: Names) -> OtherModel | None:
    """Whom the other model would serve better; a day alone, or too many sessions, do not tell."""
    is_told = use.range.length > 1 and use.tells_other_model
    return OtherModel(use.choice.found, use.working, names) if is_told else None


def to_ended(figures: Figures) -> str:
    """The address of the sessions that ended, as long as their list has those days; else ""."""
    if figures.range.since < timezone.now() - ENDED_OF:
        return ""
    only = {"licence": figures.licences[0].pk} if len(figures.licences) == 1 else {}
    return reverse("portal:sessions", query={"state": "ended"} | only)
