"""What is asked of who makes or changes a webhook."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.acts import ReasonForm
from portal.models import Webhook, WebhookKind
from portal.views.acts import GroupedCheckboxes, choice_with_note
from portal.webhooks import addresses, catalogue

ALL, SOME = "all", "some"
CHANNELS = (WebhookKind.TEAMS, WebhookKind.SLACK)
"""What stands there is told by rules of alerts, and of no event by itself."""


def kinds() -> list[tuple[WebhookKind, str]]:
    """What may stand at an address, and what is posted there."""
    return [
        (WebhookKind.SYSTEM, _("Events that you choose, as JSON, and alerts whose rule names it.")),
        (WebhookKind.TEAMS, _("Alerts whose rule names it, as cards: the address of a workflow.")),
        (WebhookKind.SLACK, _("Alerts whose rule names it, as text: an incoming webhook.")),
    ]


class WebhookForm(forms.Form):
    """Where events are posted, and which."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What stands there"),
        widget=forms.RadioSelect,
        initial=WebhookKind.SYSTEM,
        required=False,
    )
    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=addresses.LONGEST,
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy(
            "On the public internet: of your own system, or as the channel's settings show it."
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
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (str(kind), choice_with_note(kind.label, note)) for kind, note in kinds()
        ]
        if webhook:
            del self.fields["kind"]
        if webhook and webhook.is_chat:
            del self.fields["which"], self.fields["events"]
        else:
            self.offer_events()

    def offer_events(self) -> None:
        """Let a system be told of all or some; a channel is told by rules of alerts."""
        self.fields["which"].required = self.data.get("kind") not in CHANNELS
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
        is_system = cleaned.get("kind") not in CHANNELS
        if is_system and cleaned.get("which") == SOME and not cleaned.get("events"):
            self.add_error("events", _("Choose at least one."))
        return cleaned

    @property
    def chosen_kind(self) -> WebhookKind:
        """What stands at the address of a new webhook."""
        return WebhookKind(self.cleaned_data.get("kind") or WebhookKind.SYSTEM)

    @property
    def chosen(self) -> list[str]:
        """The events, in their own order; none for all, and for a channel."""
        is_some = self.cleaned_data.get("which") == SOME and self.chosen_kind not in CHANNELS
        chosen = self.cleaned_data["events"] if is_some else ()
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
