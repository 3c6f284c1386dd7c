"""API tokens: what an account's own programs prove themselves by."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Case, When
from django.db.models.functions import Now
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from licensing.models import Account
from portal.acts import ReasonForm
from portal.lists.cursors import By, Id, Moment, Order
from portal.lists.paging import page_of
from portal.models import ApiToken, Role, Scope
from portal.sent.forms import back_to, once_or
from portal.sign_in import api_tokens
from portal.sign_in.token_forms import TokenForm, last_use
from portal.views.access import AccountRequest, require_safe_or_post, role_required
from portal.views.acts import Act, carry_out
from portal.views.confirmations import confirmation_required
from portal.words.aliases import shows_aliases
from portal.words.names import short_name
from portal.words.times import last_day_before

MADE_ALREADY = gettext_lazy(
    "This token was made already, and we can't show it again. "
    "If you didn't copy it, revoke it and make a new one."
)
WORKING_FIRST = Case(When(revoked_at=None, ends_at__gt=Now(), then=0), default=1)
ORDER = Order(
    (
        By(name="working_first", kind=Id, expression=WORKING_FIRST),
        By(name="created_at", kind=Moment, is_descending=True),
        By(name="pk", kind=Id, is_descending=True),
    )
)


def form_for(account: Account, *sent: Any) -> TokenForm:
    """The form; real names are no choice where viewers see them anyway."""
    shown = shows_aliases(account)
    return TokenForm([each for each in Scope.choices if shown or each[0] != Scope.NAMES], *sent)


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


@never_cache
@require_safe_or_post
@role_required(Role.OWNER)
@confirmation_required
@once_or(back_to("portal:api_tokens", MADE_ALREADY))
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
    form = form_for(request.account, request.POST or None)
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


def working_beside(token: ApiToken) -> int:
    """How many other tokens of the account work."""
    return ApiToken.objects.working().filter(account=token.account_id).exclude(pk=token.pk).count()
