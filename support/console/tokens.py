"""Staff tokens: what the vendor's own programs prove themselves by at the vendor's API."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.lists.cursors import By, Id, Order
from portal.lists.paging import page_of
from portal.sent.forms import back_to, once_or
from portal.sign_in.standing import person
from portal.sign_in.token_forms import TokenForm, last_use
from portal.views.access import require_safe_or_post
from portal.views.acts import Act
from portal.views.confirmations import confirmation_required
from portal.words.times import last_day_before
from support import tokens
from support.console import shell
from support.console.access import right_required
from support.models import StaffToken, VendorScope

NEWEST = Order((By(name="pk", kind=Id, is_descending=True),))
MADE_ALREADY = (
    "This token was made already, and it can't be shown again. If you didn't copy it, revoke it "
    "and make a new one."
)


class StaffTokenForm(TokenForm):
    """What a token is called, what it may do of what its maker may, and its last day."""

    def __init__(self, scopes: list[VendorScope], *args: Any, **kwargs: Any) -> None:
        super().__init__([(scope.value, scope.label) for scope in scopes], *args, **kwargs)
        self.fields["name"].help_text = "What it is for, such as “Web shop”. Customers read it."
        self.fields[
            "ends_on"
        ].help_text = "At most a year from now. It ends with your staff rights."


@require_safe
@right_required(tokens.MAKE)
def staff_tokens(request: HttpRequest) -> HttpResponse:
    """The tokens that one made; of everybody, for who looks after them."""
    page = page_of(seen_by(request), NEWEST, request.GET, total=None)
    context = {"page": page, "rows": [row_of(token) for token in page]}
    return shell.page(request, "support/tokens.html", context)


def seen_by(request: HttpRequest) -> QuerySet[StaffToken]:
    """The tokens that the person sees, and may revoke."""
    found = StaffToken.objects.select_related("made_by")
    oversees = request.user.has_perm(tokens.OVERSEE)
    return found if oversees else found.filter(made_by=person(request))


def row_of(token: StaffToken) -> dict[str, Any]:
    """A token with what the list says about it."""
    state = "ended" if token.ends_at <= timezone.now() else "active"
    return {
        "token": token,
        "state": "revoked" if token.revoked_at else state,
        "scopes": [VendorScope(scope).label for scope in token.scopes],
        "last_day": last_day_before(token.ends_at),
    }


@never_cache
@require_safe_or_post
@right_required(tokens.MAKE)
@confirmation_required
@once_or(back_to("support:tokens", MADE_ALREADY))
def add_token(request: HttpRequest) -> HttpResponse:
    """Make a token and show it, in this answer and never again."""
    act = Act(
        title="New staff token",
        effects=[
            "Whoever has the token does what you may do, within what you choose here, in your "
            "name: audit records of customers tell both. Give each program its own, with no more "
            "than it needs."
        ],
        button="Make token",
        back=reverse("support:tokens"),
    )
    form = StaffTokenForm(tokens.may_hand_on(person(request)), request.POST or None)
    do = partial(make_token, request)
    return shell.carry_out(request, act, form, do)


def make_token(request: HttpRequest, form: StaffTokenForm) -> HttpResponse:
    """The page that shows the new token; raise InvalidOperation when it may not be."""
    asked = form.cleaned_data
    token, plain = tokens.create(
        asked["name"], asked["scopes"], ends_at=form.ends_at, by=person(request)
    )
    shown = {"token": token, "plain": plain, "last_day": last_day_before(token.ends_at)}
    return shell.page(request, "support/token.html", shown).render()


@require_safe_or_post
@right_required(tokens.MAKE)
@confirmation_required
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """End a token at once, after saying who uses it."""
    token = get_object_or_404(seen_by(request), pk=token_id)
    act = Act(
        title=f"Revoke the staff token “{token}”?",
        effects=[last_use(token), "Its next request is refused. This cannot be undone."],
        button="Revoke token",
        back=reverse("support:tokens"),
    )
    form, do = forms.Form(request.POST or None), partial(end, request, token)
    return shell.carry_out(request, act, form, do)


def end(request: HttpRequest, token: StaffToken, form: forms.Form) -> str:
    """Revoke it; return what to tell."""
    revoked = tokens.revoke(token, by=person(request))
    return f"The staff token “{token}” is revoked." if revoked else f"“{token}” was revoked before."
