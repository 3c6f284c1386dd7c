"""API tokens: what an account's own programs prove themselves by."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Case, When
from django.db.models.functions import Now
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from licensing.models import Account
from licensing.names import one_line
from portal.acts import ReasonForm
from portal.lists.cursors import By, Id, Moment, Order
from portal.lists.paging import page_of
from portal.models import ApiToken, Role, Scope, SentForm
from portal.sent.forms import once_or
from portal.sign_in import api_tokens
from portal.views.access import AccountRequest, require_safe_or_post, role_required
from portal.views.acts import Act, carry_out
from portal.views.confirmations import confirmation_required
from portal.words.aliases import shows_aliases
from portal.words.names import short_name
from portal.words.times import date_in_words, last_day_before, midnight_after, moment_in_full

WORKING_FIRST = Case(When(revoked_at=None, ends_at__gt=Now(), then=0), default=1)
ORDER = Order(
    (
        By(name="working_first", kind=Id, expression=WORKING_FIRST),
        By(name="created_at", kind=Moment, is_descending=True),
        By(name="pk", kind=Id, is_descending=True),
    )
)
DAYS_AT_FIRST = 90
MOST_DAYS = 366


class TokenForm(forms.Form):
    """What a token is called, what it may do, and its last day."""

    name = forms.CharField(
        validators=[one_line],
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("What it is for, such as “Power BI report”."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"),
        choices=Scope,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Owners get a mail 14 days before. At most a year from now."),
    )

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].initial = timezone.localdate() + dt.timedelta(days=DAYS_AT_FIRST)
        if not shows_aliases(account):
            scopes = [choice for choice in Scope.choices if choice[0] != Scope.NAMES]
            self.fields["scopes"].choices = scopes  # type: ignore[attr-defined]

    def clean_ends_on(self) -> dt.date:
        """The last day; refused when it is past or more than a year away."""
        last_day: dt.date = self.cleaned_data["ends_on"]
        today = timezone.localdate()
        latest = today + dt.timedelta(days=MOST_DAYS)
        if not today <= last_day <= latest:
            text = _("Choose a day from today to %s.") % date_in_words(latest, today=today)
            raise forms.ValidationError(text)
        return last_day

    @property
    def ends_at(self) -> dt.datetime:
        """Midnight after the last day."""
        return midnight_after(self.cleaned_data["ends_on"])


@require_safe
@role_required(Role.OWNER)
def tokens(request: AccountRequest) -> HttpResponse:
    """The account's tokens, those that work first."""
    listed = ApiToken.objects.filter(account=request.account)
    page = page_of(listed, ORDER, request.GET, total=listed.count())
    return render(
        request,
        "portal/sign_in/api_tokens.html",
        {"page": page, "rows": [row_of(token) for token in page]},
    )


def row_of(token: ApiToken) -> dict[str, Any]:
    """A token with what the list says about it."""
    state = "ended" if token.ends_at <= timezone.now() else "active"
    return {
        "token": token,
        "state": "revoked" if token.revoked_at else state,
        "scopes": [Scope(scope).label for scope in token.scopes],
        "owner": short_name(token.created_by),
        "last_day": last_day_before(token.ends_at),
    }


def made_already(sent: SentForm, request: AccountRequest) -> HttpResponse:
    """To the tokens, when the form that made one comes again: its text stands in no record."""
    text = _(
        "This token was made already, and we can't show it again. "
        "If you didn't copy it, revoke it and make a new one."
    )
    messages.warning(request, text)
    return redirect("portal:api_tokens")


@never_cache
@require_safe_or_post
@role_required(Role.OWNER)
@confirmation_required
@once_or(made_already)
def add_token(request: AccountRequest) -> HttpResponse:
    """Make a token and show it, in this answer and never again."""
    act = Act(
        title=_("New API token"),
        effects=[
            _(
                "Whoever has the token reads this account's data, within what you choose here. "
                "Give each program its own, with no more than it needs."
            )
        ],
        button=_("Make token"),
        back=reverse("portal:api_tokens"),
    )
    form = TokenForm(request.account, request.POST or None)
    return carry_out(request, act, form, partial(make_token, request))


def make_token(request: AccountRequest, form: TokenForm) -> HttpResponse:
    """The page that shows the new token; raise InvalidOperation when there are too many."""
    token, plain = api_tokens.create(
        request.account,
        form.cleaned_data["name"],
        form.cleaned_data["scopes"],
        ends_at=form.ends_at,
        by=request.user.as_actor,
    )
    shown = {"token": token, "plain": plain, "last_day": last_day_before(token.ends_at)}
    return render(request, "portal/sign_in/api_token.html", shown)


@require_safe_or_post
@role_required(Role.OWNER)
@confirmation_required
def revoke_token(request: AccountRequest, token_id: int) -> HttpResponse:
    """End a token at once, after saying who uses it."""
    token = get_object_or_404(ApiToken, pk=token_id, account=request.account)
    act = Act(
        title=_("Revoke the API token “%s”?") % token.name,
        effects=effects_of_revoking_token(token),
        button=_("Revoke token"),
        back=reverse("portal:api_tokens"),
    )

    def do(form: ReasonForm) -> str:
        by, reason = request.user.as_actor, form.cleaned_data["reason"]
        revoked = api_tokens.revoke(token, by=by, reason=reason)
        text = _("The API token “%s” is revoked.") if revoked else _("“%s” was revoked before.")
        return text % token.name

    return carry_out(request, act, ReasonForm(request.POST or None), do)


def effects_of_revoking_token(token: ApiToken) -> list[str]:
    """What becomes of the program that uses it, in sentences."""
    sentences = [
        last_use(token),
        _("Its next request is refused. This cannot be undone; you can make a new token."),
    ]
    if others := working_beside(token):
        words = ngettext(
            "%(n)s other token of this account goes on working.",
            "%(n)s other tokens of this account go on working.",
            others,
        )
        sentences.append(words % {"n": others})
    return sentences


def last_use(token: ApiToken) -> str:
    """When and from where it was used last."""
    if token.last_used_at is None:
        return _("It was never used.")
    words = {
        "time": moment_in_full(token.last_used_at, now=timezone.now()),
        "address": token.last_used_from or _("an unknown address"),
    }
    return _("It was last used %(time)s from %(address)s.") % words


def working_beside(token: ApiToken) -> int:
    """How many other tokens of the account work."""
    return ApiToken.objects.working().filter(account=token.account_id).exclude(pk=token.pk).count()
