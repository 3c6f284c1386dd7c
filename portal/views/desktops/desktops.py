"""A person and a machine: all that the account knows of them, and what may be done."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.desktops.machines import Machine
from portal.desktops.page import Desktop
from portal.desktops.people import Person
from portal.models import Role
from portal.views.access import AccountRequest, may_manage, role_required
from portal.views.redirects import with_next
from portal.words.aliases import names_for

LONGEST_NAME = 255


@require_safe
@role_required(Role.VIEWER)
def person(request: AccountRequest) -> HttpResponse:
    """Whom ``name`` names: under each of their names."""
    page = found(request, Person)
    shows_members = request.membership.allows(Role.OWNER)
    members = page.memberships if shows_members else []
    if not (page.is_known or members):
        raise Http404
    context = context_of(request, page) | {
        "members": [(member, page.is_theirs(member)) for member in members],
        "find_by": f'user:"{page}"',
    }
    return render(request, "portal/desktops/person.html", context)


@require_safe
@role_required(Role.VIEWER)
def machine(request: AccountRequest) -> HttpResponse:
    """The machine that ``name`` names."""
    page = found(request, Machine)
    if not page.is_known:
        raise Http404
    context = context_of(request, page) | {"find_by": f'machine:"{page}"'}
    return render(request, "portal/desktops/machine.html", context)


def found[Page: Desktop](request: AccountRequest, kind: type[Page]) -> Page:
    """What is asked for; 404 for readers of aliases, who would learn whose they are."""
    names, name = names_for(request.membership), request.GET.get("name", "")
    if names.are_aliases or not name.strip() or "\0" in name or len(name) > LONGEST_NAME:
        raise Http404
    return kind(request.account, name, names)  # type: ignore[arg-type]


def context_of(request: AccountRequest, page: Desktop) -> dict[str, object]:
    """What both pages print."""
    here = request.get_full_path()
    last = page.last_session
    asked = {**page.preset, "next": here}
    block_url = reverse("portal:block_session", args=[last.pk], query=asked) if last else ""
    return {
        "page": page,
        "here": here,
        "block_url": block_url,
        "release_url": with_next(reverse("portal:release_sessions"), here),
        "can_manage": may_manage(request),
    }
