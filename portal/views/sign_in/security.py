"""What an account's owners decide about everybody's sign-in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from licensing.errors import AlreadyDone
from portal.models import AccountPreferences, Role
from portal.sign_in import sign_ins, two_step
from portal.views.access import AccountRequest, require_safe_or_post, role_required
from portal.views.acts import Act, carry_out
from portal.views.confirmations import confirmation_required
from portal.words.times import date_in_words

NEVER = "never"
HOURS = (None, 1, 4, 8, 12, 24, 72)


class SignOutForm(forms.Form):
    """After how many idle hours people are signed out."""

    hours = forms.TypedChoiceField(
        label=gettext_lazy("Sign people out when they are idle"),
        coerce=lambda hours: None if hours == NEVER else int(hours),
        help_text=gettext_lazy("Give or take ten minutes. Programs stay open."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["hours"].choices = [  # type: ignore[attr-defined]
            (hours or NEVER, hours_in_words(hours)) for hours in HOURS
        ]


def hours_in_words(hours: int | None) -> str:
    """A choice of the form."""
    if hours is None:
        return _("Only when their sign-in ends")
    return ngettext("After %(n)s hour", "After %(n)s hours", hours) % {"n": hours}


@require_safe
@role_required(Role.OWNER)
def security(request: AccountRequest) -> HttpResponse:
    """Two-step sign-in for everybody, and who has none; when the idle are signed out."""
    chosen = AccountPreferences.of(request.account)
    due = chosen.two_step_required_from
    context = {
        "chosen": chosen,
        "is_due": due is not None and due <= timezone.now(),
        "without": list(two_step.without(request.account)),
        "sign_out_form": SignOutForm(initial={"hours": chosen.sign_out_after_hours or NEVER}),
    }
    return render(request, "portal/sign_in/security.html", context)


@require_POST
@role_required(Role.OWNER)
@confirmation_required
def sign_out_after(request: AccountRequest) -> HttpResponse:
    """Change after how long the idle are signed out."""
    form = SignOutForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the lengths."))
        return redirect("portal:security")
    hours = form.cleaned_data["hours"]
    if sign_ins.set_sign_out_after(request.account, hours, by=request.user.as_actor):
        messages.success(request, _("Saved."))
    return redirect("portal:security")


@require_safe_or_post
@role_required(Role.OWNER)
@confirmation_required
def require_two_step(request: AccountRequest) -> HttpResponse:
    """Require two-step sign-in of everybody, in seven days."""
    act = Act(
        title=_("Require two-step sign-in?"),
        effects=effects_of_requiring_two_step(request),
        button=_("Require it"),
        back=reverse("portal:security"),
    )
    told = _("Two-step sign-in is required in seven days.")
    do = partial(set_two_step_and_tell, request, two_step.require, told)
    return carry_out(request, act, forms.Form(request.POST), do)


@require_safe_or_post
@role_required(Role.OWNER)
@confirmation_required
def stop_requiring_two_step(request: AccountRequest) -> HttpResponse:
    """Leave two-step sign-in to each person again."""
    act = Act(
        title=_("Stop requiring two-step sign-in?"),
        effects=[_("Everybody decides for themselves again.")],
        button=_("Stop requiring it"),
        back=reverse("portal:security"),
    )
    told = _("Two-step sign-in is no longer required.")
    do = partial(set_two_step_and_tell, request, two_step.stop_requiring, told)
    return carry_out(request, act, forms.Form(request.POST), do)


def set_two_step_and_tell(
    request: AccountRequest, change: Callable[..., object], told: str, form: forms.Form
) -> HttpResponse:
    """Do it, and say so; a second time it has been done already."""
    try:
        change(request.account, by=request.user.as_actor)
    except AlreadyDone:
        messages.info(request, _("That was so already. Nothing was changed."))
    else:
        messages.success(request, told)
    return redirect("portal:security")


def effects_of_requiring_two_step(request: AccountRequest) -> list[str]:
    """What requiring it means for the account's people."""
    without = two_step.without(request.account).count()
    today = timezone.localdate()
    return [
        ngettext(
            "%(n)s person has none yet.", "%(n)s people have none yet.", without
        ) % {"n": without},
        _("They have until %s. From then on they are led to set it up when they sign in.")
        % date_in_words(today + two_step.NOTICE, today=today),
        _("Nobody's program is closed."),
    ]  # fmt: skip
