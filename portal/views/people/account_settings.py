"""What owners settle for the whole account: its time zone, and what refused people are told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from licensing import keys, refusals
from licensing.models import Account
from licensing.names import plain_text
from licensing.usage.working_hours import of_account
from portal.acts import ReasonForm
from portal.models import Role
from portal.views.access import AccountRequest, require_safe_or_post, role_required
from portal.views.acts import Act, carry_out
from portal.views.confirmations import confirmation_required
from portal.words import working_hours, zones
from portal.words.aliases import shows_aliases

MOST_LINES = 2


class ZoneForm(ReasonForm):
    """The account's time zone, and why."""

    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    field_order = ["time_zone", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = zones.choices(self.initial["time_zone"])  # type: ignore[attr-defined]


class RefusalsForm(ReasonForm):
    """What the program tells people whom it refuses a licence, and why."""

    contact = forms.CharField(
        label=gettext_lazy("Whom to ask"),
        required=False,
        max_length=Account._meta.get_field("contact").max_length,
        validators=[plain_text],
        widget=forms.Textarea(attrs={"rows": MOST_LINES}),
        help_text=gettext_lazy(
            "One or two lines, such as “Ask Priya Shah, extension 204.” Everybody whom the "
            "program refuses a licence reads them there."
        ),
    )
    shows_holders = forms.BooleanField(
        label=gettext_lazy("Tell who holds the seats when all are taken"),
        required=False,
        help_text=gettext_lazy(
            "Up to ten user names, so that people can ask each other to close the program."
        ),
    )
    field_order = ["contact", "shows_holders", "reason"]

    def clean_contact(self) -> str:
        """The lines without blanks around them; a key never stands there."""
        lines = [line.strip() for line in self.cleaned_data["contact"].strip().splitlines()]
        if len(lines) > MOST_LINES:
            raise ValidationError(_("Write two lines at most."))
        text = "\n".join(lines)
        if keys.holds_product_key(text):
            raise ValidationError(_("That looks like a product key. Everybody would read it."))
        return text


@require_safe
@role_required(Role.OWNER)
def account_settings(request: AccountRequest) -> HttpResponse:
    """What is settled for the whole account, each with the way to change it."""
    hours = working_hours.in_words(of_account(request.account))
    context = {"account": request.account, "working_hours": hours}
    return render(request, "portal/people/account_settings.html", context)


@require_safe_or_post
@role_required(Role.OWNER)
def change_account_zone(request: AccountRequest) -> HttpResponse:
    """Change the account's time zone, after saying what depends on it."""
    before = request.account.time_zone
    form = ZoneForm(request.POST or None, initial={"time_zone": before})
    effects = [
        _("The account's time zone is %s.") % before,
        _("Licences start and end at midnight of this zone."),
        _("Whoever chose no zone of their own reads times and days in it."),
    ]
    act = Act(
        title=_("Change the account's time zone?"),
        effects=effects,
        button=_("Change time zone"),
        back=back_to_settings(),
    )

    def do(form: ZoneForm) -> str:
        wanted, reason = form.cleaned_data["time_zone"], form.cleaned_data["reason"]
        zones.set_of_account(request.account, wanted, by=request.user.as_actor, reason=reason)
        return _("The account's time zone is %s.") % wanted

    return carry_out(request, act, form, do)


@require_safe_or_post
@role_required(Role.OWNER)
@confirmation_required
def change_what_refused_are_told(request: AccountRequest) -> HttpResponse:
    """Change what people are told whom the program refuses a licence."""
    account = request.account
    known = {"contact": account.contact, "shows_holders": account.shows_holders}
    form = RefusalsForm(request.POST or None, initial=known)
    act = Act(
        title=_("What refused people are told"),
        effects=effects_of_telling(account),
        button=_("Save"),
        back=back_to_settings(),
    )

    def do(form: RefusalsForm) -> str:
        changed = refusals.tell(account, **form.cleaned_data, by=request.user.as_actor)
        return _("Saved.") if changed else _("Nothing was changed.")

    return carry_out(request, act, form, do)


def effects_of_telling(account: Account) -> list[str]:
    """Who reads it, in sentences."""
    effects = [_("It counts from the next refusal. People outside who have a key read it too.")]
    if shows_aliases(account):
        effects.append(_("User names are the real ones there, though viewers see aliases here."))
    return effects


def back_to_settings() -> str:
    """The page that the settings stand on."""
    return reverse("portal:settings")
