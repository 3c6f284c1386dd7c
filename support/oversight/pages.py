"""The pages of what staff did: the list for supervisors and auditors, and signing a week."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from licensing.audit import Actor
from portal.acts import ReasonForm, reason_field
from portal.lists import periods
from portal.sign_in.standing import person
from portal.views.access import require_safe_or_post
from portal.views.acts import Act
from support.console import shell
from support.oversight import reviews
from support.oversight.activity import CHOICES, StaffActivity
from support.oversight.unusual import FLAGS, ZONE
from support.viewing import require_right
from support.words import day

SEE, SIGN = "support.activity_see", "support.activity_sign"


class ReviewForm(ReasonForm):
    """What somebody found who looked through a week."""

    reason = reason_field(
        label="What you found",
        help_text="Such as: all unusual ones were asked about. It is kept with your name.",
        error_messages={"required": "Say what you found, in a few words."},
    )


@require_safe
def activity(request: HttpRequest) -> HttpResponse:
    """What staff did and viewed, what of it is unusual, and the weeks that were signed."""
    require_right(request, SEE)
    with timezone.override(ZONE):
        if settled := periods.settled(request, timezone.localdate()):
            return settled
        context = {
            "list": StaffActivity(request.GET),
            "kinds": CHOICES,
            "rules": list(FLAGS.values()),
            "waiting": reviews.waiting(),
            "signed": reviews.signed(),
            "may_sign": request.user.has_perm(SIGN),
        }
        return shell.page(request, "support/activity.html", context).render()


@require_safe_or_post
def sign(request: HttpRequest, week: str) -> HttpResponse:
    """Sign that one has looked through a week."""
    require_right(request, SIGN)
    monday = monday_named(week)
    by = person(request).as_actor
    refused = reviews.why_not(monday, by)
    act = Act(
        title=f"Sign the week from {day(monday)}?",
        effects=[
            reviews.week_of(monday).words,
            "You say that you looked through it. It is signed once, and nobody can change that.",
        ],
        of=[monday],
        button="Sign the week",
        back=reverse("support:activity"),
        refused=refused,
    )
    form = ReviewForm(request.POST or None)
    do = partial(sign_week, monday, by)
    return shell.carry_out(request, act, form, do)


def monday_named(text: str) -> dt.date:
    """The Monday that an address names; 404 for anything else."""
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if date.weekday() or date.year < 2000:
        raise Http404
    return date


def sign_week(monday: dt.date, by: Actor, form: forms.Form) -> str:
    """Sign it; return what to tell."""
    reviews.sign(monday, by=by, note=form.cleaned_data["reason"])
    return f"The week from {day(monday)} is signed."
