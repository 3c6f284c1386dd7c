"""A person's own page."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing.models import Account
from licensing.names import one_line
from portal.models import Role
from portal.people import profiles
from portal.views.access import AccountRequest, open_without_two_step, require_safe_or_post
from portal.views.people.accounts import remember_theme
from portal.views.shell import chosen_theme
from portal.words import languages, zones

THEME_NAMES = [
    ("auto", gettext_lazy("Auto")),
    ("light", gettext_lazy("Light")),
    ("dark", gettext_lazy("Dark")),
]


class ProfileForm(forms.Form):
    """How a person is called, and how pages look to them."""

    name = forms.CharField(
        validators=[one_line],
        label=gettext_lazy("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=gettext_lazy("The account's other people and our support see it."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        choices=[("", gettext_lazy("As the browser asks")), *settings.LANGUAGES],
        help_text=gettext_lazy("Of pages and mails to you."),
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        required=False,
        help_text=gettext_lazy("Of the times on pages and in mails to you."),
    )
    theme = forms.ChoiceField(
        label=gettext_lazy("Theme"),
        choices=THEME_NAMES,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("In this browser."),
    )

    uses_shortcuts = forms.BooleanField(
        label=gettext_lazy("Keyboard shortcuts"),
        required=False,
        help_text=gettext_lazy("Single keys do something: / searches, ? lists them all."),
    )

    has_more_time = forms.BooleanField(
        label=gettext_lazy("More time to read and undo"),
        required=False,
        help_text=gettext_lazy("What you did is told for two minutes, instead of ten seconds."),
    )

    def __init__(self, account: Account | None, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        as_account = _("As the account: %s") % account.time_zone if account else _("As usual")
        places = zones.choices(self.initial.get("time_zone", ""))
        self.fields["time_zone"].choices = [("", as_account), *places]  # type: ignore[attr-defined]


@open_without_two_step
@require_safe_or_post
def profile(request: AccountRequest) -> HttpResponse:
    """Change one's name, language, time zone and theme; the way to everything else of one's own."""
    user = request.user
    initial = {
        "name": user.name,
        "language": user.language,
        "time_zone": user.time_zone,
        "theme": chosen_theme(request),
        "uses_shortcuts": user.uses_shortcuts,
        "has_more_time": user.has_more_time,
    }
    form = ProfileForm(request.account, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        profiles.change(
            user,
            name=wanted["name"],
            time_zone=wanted["time_zone"],
            uses_shortcuts=wanted["uses_shortcuts"],
            has_more_time=wanted["has_more_time"],
        )
        languages.choose(user, wanted["language"])
        with translation.override(languages.of_request(request)):
            messages.success(request, _("Saved."))
        response = redirect("portal:profile")
        remember_theme(request, response, wanted["theme"])
        return response
    status = 422 if request.method == "POST" else 200
    may_have_tokens = bool(request.membership) and request.membership.allows(Role.OWNER)
    context = {"form": form, "may_have_tokens": may_have_tokens}
    return render(request, "portal/people/profile.html", context, status=status)
