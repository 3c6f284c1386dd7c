"""What is asked of who makes or changes a webhook."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.acts import ReasonForm
from portal.models import Webhook
from portal.views.acts import choice_with_note
from portal.webhooks import addresses, catalogue

ALL, SOME = "all", "some"


class GroupedCheckboxes(forms.CheckboxSelectMultiple):
    """Boxes under headings that open, of which there are many."""


class WebhookForm(forms.Form):
    """Where events are posted, and which."""

    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=addresses.LONGEST,
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy(
            "Of your own system, on the public internet. Events are posted there."
        ),
    )
    which = forms.ChoiceField(
        label=gettext_lazy("Events"), widget=forms.RadioSelect, choices=(), initial=ALL
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("These events"), widget=GroupedCheckboxes, required=False
    )

    def __init__(self, *args: Any, webhook: Webhook | None = None, **kwargs: Any) -> None:
        if webhook:
            which = SOME if webhook.events else ALL
            kwargs["initial"] = {
                "address": webhook.address, "which": which, "events": webhook.events
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["which"].choices = [  # type: ignore[attr-defined]
            (ALL, choice_with_note(_("All events"), _("Those that later versions add, too."))),
            (SOME, choice_with_note(_("Only some"), _("Those that you tick below."))),
        ]
        self.fields["events"].choices = [  # type: ignore[attr-defined]
            (event, format_html("<code>{}</code><small>{}</small>", event, sentence))
            for event, sentence in catalogue.EVENTS.items()
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse "only some" without any."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("which") == SOME and not cleaned.get("events"):
            self.add_error("events", _("Choose at least one."))
        return cleaned

    @property
    def chosen(self) -> list[str]:
        """The events, in their own order; none for all."""
        chosen = self.cleaned_data["events"] if self.cleaned_data["which"] == SOME else ()
        return [event for event in catalogue.EVENTS if event in chosen]

    @property
    def grouped(self) -> list[dict[str, Any]]:
        """The boxes by subject: its name, and whether any of its boxes is ticked."""
        boxes: dict[str, list[Any]] = {subject: [] for subject in catalogue.SUBJECTS}
        for box in self["events"]:
            boxes[catalogue.subject_of(str(box.data["value"]))].append(box)
        return [
            {
                "name": catalogue.SUBJECTS[subject],
                "boxes": found,
                "ticked": sum(box.data["selected"] for box in found),
            }
            for subject, found in boxes.items()
        ]


class TurnOnForm(ReasonForm):
    """Whether what did not arrive is sent again."""

    sends_again = forms.BooleanField(
        label=gettext_lazy("Send again what did not arrive"), required=False, initial=True
    )
    field_order = ["sends_again", "reason"]
