"""Where an access rule holds and until when, and what a block does, as several pages say it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing.known_names import KnownName
from licensing.models import Account, Licence
from licensing.rules import NewRule
from portal.acts import Foretold, ReasonForm
from portal.licences import caught
from portal.views.acts import choice_with_note
from portal.words.times import midnight_after

LONGEST = dt.timedelta(days=3650)
WHOLE_ACCOUNT, THIS_LICENCE = "account", "licence"
EFFECTS_OF_BLOCKING: list[str | Promise] = [
    gettext_lazy("Whom you block can't take a seat from now on."),
    gettext_lazy(
        "A program that is open stays open; its seat comes back at its next contact, "
        "and it does not start again."
    ),
    gettext_lazy("You can lift the block again on the licence's page, under Access rules."),
]


def effects_of_blocking() -> list[str]:
    """What a block does, wherever it is asked for."""
    return [str(effect) for effect in EFFECTS_OF_BLOCKING]


def other_names() -> forms.MultipleChoiceField:
    """Asks which other names of the user a rule is about too."""
    return forms.MultipleChoiceField(
        label=gettext_lazy("Also these names of the same user"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


def as_choices(account: Account, names: list[KnownName]) -> list[tuple[str, str]]:
    """Names to tick, each with how many of today's sessions are theirs."""
    return [
        (name.username, choice_with_note(name.username, caught.told_of(account, name)))
        for name in names
    ]


def fingerprint(question: str, wanted: Sequence[NewRule]) -> str:
    """What a tick carries, so that it confirms this question about these rules alone."""
    return Foretold(effects=[question], of=wanted).fingerprint


def changed(sent: Any, **values: str) -> QueryDict:
    """What a form sent, with other values of some fields."""
    data: QueryDict = sent.copy()
    for name, value in values.items():
        data[name] = value
    return data


class ScopeForm(ReasonForm):
    """Where a rule holds, until when, and why.

    A rule that keeps out everybody, or most of those seen of late, is asked for twice.
    """

    scope = forms.ChoiceField(
        label=gettext_lazy("Where it holds"), widget=forms.RadioSelect, initial=THIS_LICENCE
    )
    until = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Empty: until you lift it."),
    )
    everybody = forms.BooleanField(label=gettext_lazy("Yes, block them all"), required=False)
    asked_about = forms.CharField(widget=forms.HiddenInput, required=False)
    """What the tick confirms: the question and the rules that it was about."""

    def __init__(self, licence: Licence, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.licence = licence
        self.fields["scope"].choices = [  # type: ignore[attr-defined]
            (THIS_LICENCE, licence.name),
            (WHOLE_ACCOUNT, _("Every licence of %s") % licence.account),
        ]
        if not self.data.get("everybody"):
            del self.fields["everybody"], self.fields["asked_about"]

    @property
    def all_wanted(self) -> list[NewRule]:
        """The rules that were asked for."""
        raise NotImplementedError

    def question(self) -> str:
        """What to ask of rules that keep out too many to be meant without a question."""
        return caught.question_about(self.licence.account, self.all_wanted)

    def clean(self) -> dict[str, Any]:
        """Everything; refused until the question about just these rules was answered."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        if question := self.question():
            about = fingerprint(question, self.all_wanted)
            if not cleaned.get("everybody") or cleaned.get("asked_about") != about:
                self.ask(question, about)
        return cleaned

    def ask(self, question: str, about: str) -> None:
        """Put the question, with a tick that is for nothing else."""
        for name in ("everybody", "asked_about"):
            self.fields[name] = self.base_fields[name]
        self.order_fields(self.field_order)
        self.data = changed(self.data, everybody="", asked_about=about)
        self.add_error("everybody", question)

    def clean_until(self) -> dt.date | None:
        """The last day, which is not over yet and not beyond all calendars."""
        until = self.cleaned_data["until"]
        if until and until < timezone.localdate():
            raise forms.ValidationError(_("Choose today or a later day."))
        if until and until > timezone.localdate() + LONGEST:
            raise forms.ValidationError(_("Choose a day within ten years, or none."))
        return until

    def rule_about(self, username: str, machine_name: str) -> NewRule:
        """The rule that was asked for."""
        until = self.cleaned_data.get("until")
        is_account_wide = self.cleaned_data.get("scope") == WHOLE_ACCOUNT
        return NewRule(
            licence=None if is_account_wide else self.licence,
            username=username,
            machine_name=machine_name,
            ends_at=midnight_after(until) if until else None,
        )
