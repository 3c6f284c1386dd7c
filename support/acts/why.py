"""Why staff do something: a reason, their own words and ticket, a note to the customer.

The customer reads the reason and the note, in the audit record and in the mail that tells of the
act. The words and the ticket are the staff's alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django import forms
from django.core.validators import RegexValidator

from licensing.audit import ForStaff
from licensing.identity import as_compared
from licensing.keys import no_product_key
from licensing.names import one_line, plain_text, seen
from portal.acts import ReasonForm, reason_field
from portal.models.visits import LONGEST_TICKET

SHORTEST_REASON = 10
LONGEST_NOTE = 500


class Why(StrEnum):
    """What staff choose from; the customer reads it."""

    LEAK = "Leak suspected"
    LEAVER = "Leaver"
    AWAY = "Person away"
    DEVICE = "Device lost or replaced"
    ROUTINE = "Routine"
    ORDER = "Order or renewal"
    ASKED = "Customer asked"


@dataclass(frozen=True)
class Usual:
    """A reason that an act often has: one button says all of it."""

    why: Why
    words: str = ""

    def __str__(self) -> str:
        return self.words or self.why

    @property
    def in_full(self) -> str:
        """What the customer reads."""
        return " ".join(filter(None, [f"{self.why}.", self.words]))


def ticket_field(**wanted: Any) -> forms.CharField:
    """The field for a ticket's number: short, and plain enough to be read out and searched."""
    usual: dict[str, Any] = {
        "label": "Ticket",
        "required": False,
        "max_length": LONGEST_TICKET,
        "validators": [
            RegexValidator(
                r"\A[A-Za-z0-9#][A-Za-z0-9#/_.-]*\Z",
                "A ticket is letters, digits and - # / _ . alone, such as OPS-4821.",
            ),
            no_product_key,
        ],
        "widget": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        "help_text": "Its number, if there is one. For our own people.",
    }
    return forms.CharField(**usual | wanted)


def own_words_field(who_reads: str) -> forms.CharField:
    """The field for one's own words, where nothing stands for them; ``who_reads`` says who does."""
    return reason_field(
        label="In your words",
        min_length=SHORTEST_REASON,
        help_text=f"{SHORTEST_REASON} characters or more. {who_reads}",
        error_messages={
            "required": "Say why, in a few words.",
            "min_length": f"Say why, in {SHORTEST_REASON} characters or more.",
        },
    )


class WhyForm(ReasonForm):
    """Why somebody of the staff does it; what else a form asks comes before.

    ``reasons`` are the usual ones, each a button, beside or instead of one's own words; what there
    is ``to_type`` is typed by whoever confirms what hurts. Whether the customer is mailed is asked
    of what ``is_mailed`` alone. Once it is valid, ``reason`` is what the customer reads and
    ``for_staff`` what they don't.
    """

    WHY = ("typed", "usual", "why", "reason", "ticket", "is_told", "note")

    typed = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )

    usual = forms.CharField(required=False, widget=forms.HiddenInput)
    why = forms.ChoiceField(
        label="Reason",
        required=False,
        choices=[("", "Choose one"), *((one.value, one.value) for one in Why)],
        help_text="The customer reads it.",
    )
    reason = reason_field(
        label="In your words",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text=f"{SHORTEST_REASON} characters or more. For our own people.",
    )
    ticket = ticket_field()
    is_told = forms.BooleanField(
        required=False,
        initial=True,
        label="Tell the customer by mail",
        help_text="Their audit record has it either way. Alerts that they set up, and mails to "
        "the person it is about, are sent all the same.",
    )
    note = forms.CharField(
        label="Note to the customer",
        required=False,
        max_length=LONGEST_NOTE,
        validators=[plain_text, one_line, no_product_key],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="They read it after the reason, in the mail and in their audit record.",
    )

    def __init__(
        self,
        data: Any = None,
        *args: Any,
        reasons: Sequence[Usual] = (),
        to_type: str = "",
        is_confirmed: bool = False,
        is_mailed: bool = True,
        is_of_account: bool = True,
        **options: Any,
    ) -> None:
        self.only_why = only_one({usual.why for usual in reasons})
        if data is not None and not is_confirmed:
            data = data.copy()
            data.setdefault("is_told", "on")
            data.setdefault("why", self.only_why)
        super().__init__(data, *args, **options)
        self.reasons, self.to_type, self.is_confirmed = reasons, to_type, is_confirmed
        self.fields["typed"].label = f"Type “{to_type}” to confirm"
        if not is_mailed:
            self.ask_of_no_mail()
        if not is_of_account:
            self.ask_for_us_alone()
        self.initial.setdefault("why", self.only_why)
        if data is None:
            self.mark_needed()
        if reasons:
            self.fields["reason"].help_text = (
                f"Instead: {SHORTEST_REASON} characters or more. Or first: press a reason after "
                "writing, and both are kept. For our own people."
            )

    def ask_of_no_mail(self) -> None:
        """Offer no mail where none tells of the act."""
        del self.fields["is_told"]
        self.fields["note"].help_text = "They read it after the reason, in their audit record."

    def ask_for_us_alone(self) -> None:
        """Ask for nothing that a customer reads, where none does."""
        del self.fields["why"], self.fields["note"]
        self.fields[
            "reason"
        ].help_text = (
            f"{SHORTEST_REASON} characters or more. Our own people read it, with your name."
        )

    def mark_needed(self) -> None:
        """Show which fields whoever confirms needs; what is missing is told when they do."""
        self.fields["typed"].required = bool(self.to_type)
        for name in {"why", "reason"} & {*self.fields}:
            self.fields[name].required = not self.reasons

    @property
    def of_why(self) -> list[forms.BoundField]:
        """The fields that stand beneath the words."""
        return [self[name] for name in ("ticket", "is_told", "note") if name in self.fields]

    @property
    def is_mailed(self) -> bool:
        """Whether a mail tells of the act, unless it is not wanted."""
        return "is_told" in self.fields

    @property
    def has_more(self) -> bool:
        """Whether one of those has to be seen: something was typed there, or is wrong."""
        typed = any(self[name].value() for name in ("ticket", "note"))
        return typed or any(field.errors for field in self.of_why)

    def pressed(self, words: str) -> Usual | None:
        """The usual reason whose button was pressed, or None."""
        return next((usual for usual in self.reasons if str(usual) == words), None)

    def clean_usual(self) -> Usual | None:
        """It, among those that fit what is asked."""
        usual = self.pressed(self.cleaned_data["usual"])
        if self.cleaned_data["usual"] and usual is None:
            raise forms.ValidationError("Choose one of the reasons below.")
        return usual

    def clean(self) -> dict[str, Any]:
        """What was asked, with the reason as the customer reads it, and what is for staff."""
        asked = super().clean() or {}
        self.mark_needed()
        told: dict[str, Any] = {name: asked.pop(name, None) or "" for name in self.WHY}
        usual: Usual | None = told["usual"] or (Usual(Why(told["why"])) if told["why"] else None)
        if self.is_confirmed:
            self.require_typed(told["typed"])
            self.require_why(told)
        said = " ".join(filter(None, [usual.in_full if usual else "", told["note"]]))
        kept = ForStaff(told["ticket"], told["reason"], self.is_mailed and not told["is_told"])
        return asked | {"reason": said, "for_staff": kept}

    @property
    def asked_to_type(self) -> str:
        """What whoever confirms has to type; "" if nothing."""
        return self.to_type

    def require_typed(self, typed: str) -> None:
        """Say that it is not what was to be typed, if so."""
        wanted = self.asked_to_type
        if wanted and as_compared(typed) != as_compared(wanted):
            self.add_error("typed", f"Type {wanted}." if not typed else f"This is not {wanted}.")

    def require_why(self, told: dict[str, Any]) -> None:
        """Say what is missing, unless a usual reason says all of it."""
        if told["usual"] or "usual" in self.errors:
            return
        if "why" in self.fields and not told["why"] and "why" not in self.errors:
            self.add_error("why", "Choose a reason.")
        if len(seen(told["reason"])) < SHORTEST_REASON and "reason" not in self.errors:
            self.add_error("reason", f"Say why, in {SHORTEST_REASON} characters or more.")

    @property
    def is_understood(self) -> bool:
        """Whether nothing is wrong with what was asked, whatever was said of why."""
        return not set(self.errors) - set(self.WHY)


def only_one(whys: set[Why]) -> str:
    """The reason, where there is but one; "" where somebody has to choose."""
    return next(iter(whys)) if len(whys) == 1 else ""
