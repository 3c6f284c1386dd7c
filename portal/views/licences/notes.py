"""The contact and the notes of a licence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing.keys import no_product_key
from licensing.names import plain_text
from portal.licences import notes
from portal.models import LicenceNotes, Role
from portal.people.addresses import AddressField
from portal.sent.forms import once
from portal.views.access import AccountRequest, require_safe_or_post, role_required
from portal.views.acts import Act, carry_out


class NotesForm(forms.ModelForm):  # type: ignore[type-arg]
    """Whom to ask about a licence, and what else there is to say."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].validators += [plain_text, no_product_key]

    class Meta:
        model = LicenceNotes
        fields = ["contact_name", "contact_email", "text"]
        labels = {
            "contact_name": gettext_lazy("Contact"),
            "contact_email": gettext_lazy("Contact's e-mail"),
            "text": gettext_lazy("Notes"),
        }
        help_texts = {
            "contact_name": gettext_lazy("Whom your people ask about this licence."),
            "text": gettext_lazy("Everybody who sees the licence here can read them."),
        }
        field_classes = {"contact_email": AddressField}
        widgets = {
            "contact_name": forms.TextInput(attrs={"autocomplete": "off"}),
            "contact_email": forms.TextInput(attrs={"autocomplete": "off"}),
            "text": forms.Textarea(attrs={"rows": 6}),
        }


@require_safe_or_post
@role_required(Role.MANAGER)
@once
def edit_notes(request: AccountRequest, licence_id: int) -> HttpResponse:
    """Write them down."""
    found = request.account.licences.select_related("customer_notes")
    licence = get_object_or_404(found, pk=licence_id)
    act = Act(
        title=_("Contact and notes of %s") % licence.name,
        button=_("Save"),
        back=reverse("portal:licence", args=[licence_id]),
    )

    def do(form: NotesForm) -> str:
        notes.write(licence, **form.cleaned_data, by=request.user.as_actor)
        return _("Saved.")

    form = NotesForm(request.POST or None, instance=notes.of(licence))
    return carry_out(request, act, form, do)
