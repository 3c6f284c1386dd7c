"""Requests to the vendor's desk: what was asked, how it stands, and asking."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from licensing.errors import AlreadyDone
from licensing.keys import no_product_key
from licensing.models import Account, Licence
from licensing.models.licences import LicenceState
from licensing.names import plain_text
from portal.desk import requests as desk
from portal.lists.cursors import By, Id, Moment, Order
from portal.lists.paging import page_of
from portal.models import CustomerRequest, RequestKind, Role
from portal.sent.forms import once
from portal.sign_in.standing import visit_of
from portal.views.access import AccountRequest, require_safe_or_post, role_required
from portal.views.acts import Act, carry_out
from portal.words.names import short_name

ORDER = Order.by(By(name="asked_at", kind=Moment, is_descending=True), By(name="pk", kind=Id))
MOST_SEATS = 100_000


class RequestForm(forms.Form):
    """What is wanted, for which licence."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What do you need?"),
        choices=RequestKind,
        widget=forms.RadioSelect,
        initial=RequestKind.HELP,
    )
    licence: forms.ModelChoiceField[Licence] = forms.ModelChoiceField(
        label=gettext_lazy("Licence"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("None in particular"),
    )
    seats = forms.IntegerField(
        label=gettext_lazy("User limit that you want"),
        required=False,
        min_value=1,
        max_value=MOST_SEATS,
        help_text=gettext_lazy("All seats together, not how many more."),
    )
    text = forms.CharField(
        label=gettext_lazy("Your message"),
        validators=[plain_text, no_product_key],
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Say what you need, in a few words.")},
    )

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        running = account.licences.exclude(state=LicenceState.CLOSED)
        self.fields["licence"].queryset = running  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Everything; more seats are for a licence, and how many is said."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == RequestKind.SEATS:
            if "licence" not in self.errors and not cleaned.get("licence"):
                self.add_error("licence", _("Say for which licence."))
            if "seats" not in self.errors and not cleaned.get("seats"):
                self.add_error("seats", _("Say how many seats you want in all."))
        return cleaned


@require_safe
@role_required(Role.VIEWER)
def requests(request: AccountRequest) -> HttpResponse:
    """What this account asked for, latest first."""
    made = request.account.requests.select_related("licence")
    page = page_of(made, ORDER, request.GET, total=made.count())
    return render(request, "portal/desk/requests.html", {"requests": page})


@require_safe
@role_required(Role.VIEWER)
def one_request(request: AccountRequest, request_id: int) -> HttpResponse:
    """One request, and its answer if there is one."""
    asked = request_or_404(request, request_id)
    context = {
        "asked": asked,
        "answered_by": short_name(asked.answered_by),
        "can_withdraw": asked.state == "open" and not visit_of(request),
    }
    return render(request, "portal/desk/request.html", context)


@require_safe_or_post
@role_required(Role.VIEWER)
@once
def new_request(request: AccountRequest) -> HttpResponse:
    """Ask the desk. The address may name the licence and what it is about."""
    initial = {name: request.GET[name] for name in ("licence", "kind") if name in request.GET}
    act = Act(
        title=_("Ask us"),
        effects=[_("Your message goes to our desk with the licence that you choose.")],
        button=_("Send"),
        back=reverse("portal:requests"),
    )
    form = RequestForm(request.account, request.POST or None, initial=initial)
    return carry_out(request, act, form, partial(send_request, request))


def send_request(request: AccountRequest, form: RequestForm) -> HttpResponse:
    """Hand it to the desk, and go to its page."""
    asked = form.cleaned_data
    made = desk.make(
        request.account,
        RequestKind(asked["kind"]),
        asked["text"],
        by=request.user,
        licence=asked["licence"],
        seats=asked["seats"] if asked["kind"] == RequestKind.SEATS else None,
    )
    messages.success(request, _("Our desk has it. The answer appears here, and comes by mail."))
    return redirect("portal:request", made.pk)


@require_POST
@role_required(Role.VIEWER)
def withdraw_request(request: AccountRequest, request_id: int) -> HttpResponse:
    """Take a request back that nobody has answered yet."""
    asked = request_or_404(request, request_id)
    try:
        desk.withdraw(asked, by=request.user.as_actor)
    except AlreadyDone:
        messages.info(request, _("This request waits for no answer any more."))
    else:
        messages.success(request, _("Withdrawn."))
    return redirect("portal:request", asked.pk)


def request_or_404(request: AccountRequest, request_id: int) -> CustomerRequest:
    """The account's request with this id."""
    made = request.account.requests.select_related("licence__product", "mail", "answer_mail")
    return get_object_or_404(made, pk=request_id)
