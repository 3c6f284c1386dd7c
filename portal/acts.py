"""What every door tells of an act before it is done: the portal's pages and the vendor's admin.

Each door adds what its own pages need: ``views.acts.Act``, and ``support.acts.records.Subject``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from licensing.errors import InvalidOperation, LicensingError
from licensing.keys import no_product_key
from licensing.names import plain_text

MOST_IN_A_REASON = 500
TYPED_ABOVE = 25
"""So many rows need no typing of how many they are."""


@dataclass(frozen=True, kw_only=True)
class Foretold:
    """What will happen: all that somebody reads before they confirm it.

    ``effects`` are sentences, ``of`` the rows that they count. ``refused`` says why it cannot
    be done, if so.
    """

    effects: Sequence[str] = ()
    of: Collection[object] = ()
    refused: str = ""

    holds_effects: ClassVar[bool] = True
    """Whether the sentences must still be those that were read, or the rows alone."""

    @property
    def fingerprint(self) -> str:
        """What a page carries along, to tell whether all is still as it was read.

        The rows are part of it, so that one gone and one come is told.
        """
        told = self.effects if self.holds_effects else ()
        facts = [*told, *sorted(map(str, self.of))]
        return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:16]

    def was_read(self, fingerprints: Collection[str]) -> bool:
        """Whether it is among what somebody confirms who read these."""
        return self.fingerprint in fingerprints


def reason_field(**wanted: Any) -> forms.CharField:
    """The field that asks why: a few lines of plain text."""
    usual: dict[str, Any] = {
        "label": gettext_lazy("Reason"),
        "validators": [plain_text, no_product_key],
        "max_length": MOST_IN_A_REASON,
        "widget": forms.Textarea(attrs={"rows": 3}),
        "help_text": gettext_lazy("Kept in the audit record with your name."),
    }
    return forms.CharField(**usual | wanted)


class ReasonForm(forms.Form):
    """Why somebody does it; every act asks."""

    reason = reason_field(error_messages={"required": gettext_lazy("Say why, in a few words.")})


class NotReady(InvalidOperation):
    """What keeps an act from being done, point by point, and what would be done without it."""

    def __init__(self, message: str, problems: list[str], lines: list[str]) -> None:
        super().__init__(message)
        self.problems, self.lines = problems, lines


def told_of_many(done: str, before: str, rows: int) -> str:
    """What was done, and of how many rows that it had happened ``before``."""
    return f"{done} {before % {'n': rows}}" if rows else done


def refuse(form: forms.BaseForm, error: LicensingError) -> None:
    """Show on the form why the domain would not do it, at the field that is at fault if one is."""
    problems = error.problems if isinstance(error, NotReady) else []
    field = error.part if error.part in form.fields else None
    for sentence in [str(error), *problems]:
        form.add_error(field, sentence)
