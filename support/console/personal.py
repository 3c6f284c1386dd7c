"""What an account holds on one person, as a file for them."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache

from licensing.models import Account
from portal.acts import ReasonForm
from portal.people import personal_data
from portal.people.addresses import AddressField
from portal.people.personal_data import PersonalData
from portal.sign_in.standing import person
from portal.views.access import require_safe_or_post
from portal.views.acts import Act
from portal.views.confirmations import confirmation_required
from support.acts.why import own_words_field
from support.console import shell
from support.console.access import right_required

RIGHT = "support.account_export_person"


class PersonForm(ReasonForm):
    """Who it is about, and why it is handed out."""

    username = forms.CharField(
        required=False,
        max_length=255,
        label="User name",
        help_text=r"On their PC: jsmith, or ACME\jsmith for one domain only.",
    )
    email = AddressField(
        required=False, label="E-mail address", help_text="With which they sign in to the portal."
    )
    reason = own_words_field("The customer reads it.")
    field_order = ["username", "email", "reason"]

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        if not self.errors and not (asked["username"] or asked["email"]):
            self.add_error("username", "Give a user name or an e-mail address.")
        return asked


@never_cache
@require_safe_or_post
@right_required(RIGHT)
@confirmation_required
def export_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whom it is about, and hand the file out."""
    account = get_object_or_404(Account, pk=pk)
    act = Act(
        title=f"Export what {account} holds on a person",
        effects=[
            "A JSON file: sessions and refusals with those of long ago, devices, rules, their "
            "role, requests, and the entries of the audit record by them or about them.",
            "Entries tell what others did, too: read it before you hand it out. That it was made "
            "stands in the customer's audit record.",
        ],
        of=[account.pk],
        button="Export",
        back=reverse("support:account", args=[account.pk]),
    )
    form, do = PersonForm(request.POST or None), partial(file, request, account)
    return shell.carry_out(request, act, form, do)


def file(request: HttpRequest, account: Account, form: PersonForm) -> HttpResponse:
    """The file; raise InvalidOperation when nothing is held."""
    asked = form.cleaned_data
    held = PersonalData(account, asked["username"], asked["email"])
    by = person(request).as_actor
    document = personal_data.export(held, by=by, reason=asked["reason"])
    text = json.dumps(document, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False)
    named = {"Content-Disposition": 'attachment; filename="person.json"'}
    return HttpResponse(text, content_type="application/json", headers=named)
