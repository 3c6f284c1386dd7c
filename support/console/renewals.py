"""The pages of renewals that are due: the list, its file, and one's calendar of them."""

from __future__ import annotations

import tempfile
from functools import partial

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from licensing.models import Licence, Product
from portal.desk import staff_history
from portal.exports.spreadsheets import WITH_COMMAS, WITH_SEMICOLONS, WRITERS, ending
from portal.models import User
from portal.sent.forms import once_or
from portal.sign_in.standing import person
from portal.views import secret_addresses
from portal.views.access import open_while_closed, require_safe_or_post
from portal.views.acts import Act
from portal.views.confirmations import confirmation_required
from portal.words.statuses import licence_status
from support import renewal_calendars
from support.acts.term import A_YEAR, TERM
from support.console import shell, tables
from support.console.access import right_required
from support.console.rows import Row
from support.models import RenewalCalendar
from support.renewals import SEE, Renewal, Renewals, write


@require_safe
@right_required(SEE)
def renewals(request: HttpRequest) -> HttpResponse:
    """Licences that end, by window, with what there is to know before one calls."""
    found = Renewals(request.GET)
    table = tables.of(Licence)
    own = {
        "list": found,
        "rows": [row_of(one) for one in found.page],
        "may_renew": table.may(request.user, TERM),
        "products": Product.objects.all(),
        "csv": [WITH_COMMAS, WITH_SEMICOLONS],
        "calendar": RenewalCalendar.objects.filter(person=person(request)).first(),
    }
    return shell.page(request, "support/renewals.html", own)


def row_of(renewal: Renewal) -> dict[str, object]:
    """A renewal with how it stands, and the way to renewing it for a year."""
    licence = renewal.licence
    return {
        "renewal": renewal,
        "licence": licence,
        "about": Row(licence, "", []).about,
        "status": licence_status(licence, 0),
        "url": tables.page_of(licence),
        "account_url": tables.page_of(licence.account),
        "renew": tables.of(Licence).begin(TERM, licence, A_YEAR),
    }


@require_POST
@right_required(SEE)
def export(request: HttpRequest) -> HttpResponseBase:
    """What the view shows, all pages of it, as a file. Who took it is kept."""
    kind = request.POST.get("format", "")
    if kind not in WRITERS:
        raise Http404
    file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by the answer)
    rows = write(file, kind, Renewals(request.GET))
    file.seek(0)
    by = person(request)
    staff_history.note(by, f"Exported {rows:,} renewals.", by=by)
    name = f"renewals-{timezone.localdate().isoformat()}.{ending(kind)}"
    return FileResponse(file, as_attachment=True, filename=name)


@login_not_required
@open_while_closed
@require_safe
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    """Renewals, for a calendar program that knows the address; 304 while nothing changed."""
    found = renewal_calendars.find(code)
    if found is None:
        raise Http404
    text = renewal_calendars.written(found)
    return secret_addresses.told(request, text, "text/calendar; charset=utf-8", "renewals.ics")


@never_cache
@require_safe_or_post
@right_required(SEE)
@confirmation_required
@once_or(secret_addresses.made_before("support:renewals"))
def make_calendar(request: HttpRequest) -> HttpResponse:
    """Make one's secret address and show it, in this answer and never again."""
    who = person(request)
    changes = RenewalCalendar.objects.filter(person=who).exists()
    act = Act(
        title="Change your calendar's address?" if changes else "Make your calendar's address",
        effects=[
            "Calendar programs read there which licences of which customers end when.",
            "Whoever has the address reads it too. It ends with your right to see renewals.",
            *(["Calendars that read the old address show nothing new."] if changes else []),
        ],
        button="Change the address" if changes else "Make address",
        back=reverse("support:renewals"),
    )
    return shell.carry_out(request, act, forms.Form(request.POST), partial(show_made, request, who))


def show_made(request: HttpRequest, who: User, form: forms.Form) -> HttpResponse:
    """The page that shows the new address."""
    code = renewal_calendars.make(who)
    address = settings.BASE_URL + reverse("support:renewal_calendar", args=[code])
    own = {
        "address": address,
        "kind": "calendar",
        "back": reverse("support:renewals"),
        "around": "support/base.html",
    }
    return shell.page(request, "portal/_secret_address.html", own).render()


@require_safe_or_post
@right_required(SEE)
def remove_calendar(request: HttpRequest) -> HttpResponse:
    """Let nobody read it any more."""
    act = Act(
        title="Remove your calendar's address?",
        effects=["Calendars that read it get nothing new. What they have read stays in them."],
        button="Remove address",
        back=reverse("support:renewals"),
    )
    return shell.carry_out(request, act, forms.Form(request.POST), partial(end, person(request)))


def end(who: User, form: forms.Form) -> str:
    """Remove it; return what to tell."""
    removed = renewal_calendars.remove(who)
    return "The address is removed." if removed else "There was none."
