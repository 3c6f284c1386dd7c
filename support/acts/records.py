"""Acts: what staff may do to records, and what each asks, foretells and calls."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from django import forms

from licensing.models import Licence
from licensing.models.licences import LicenceState
from portal.acts import Foretold, ReasonForm, reason_field


class RecordForm(ReasonForm):
    """Why somebody does it: the customer reads it in the audit log, too.

    ``record`` is what it is done to, or the first of several.
    """

    required_css_class = "required"

    reason = reason_field(
        min_length=10,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text="10 characters or more. It is kept in the audit record.",
    )

    def __init__(self, *args: Any, record: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.record = record

    def carried(self) -> Iterator[tuple[str, Any]]:
        """What was asked, for the page on which it is checked."""
        for field in self:
            if field.value() not in (None, ""):
                yield field.html_name, field.value()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Subject(Foretold):
    """One record on an act's page: what it is, and what would happen to it.

    Nobody is held to the sentences: the figures of a busy pool are others each moment. What is
    seen of the record itself must be so still.
    """

    description: str

    holds_effects: ClassVar[bool] = False


def nothing(record: Any, **asked: Any) -> list[str]:
    """No more than the act's effects."""
    return []


def always(record: Any) -> str:
    """The act makes sense for every record."""
    return ""


def why_not_closed(licence: Licence) -> str:
    """A closed licence is left as it is."""
    return f"{licence} is closed." if licence.state == LicenceState.CLOSED else ""


def empty(record: Any) -> dict[str, Any]:
    """A form that is empty at first."""
    return {}


@dataclasses.dataclass(frozen=True)
class RecordAct:
    """One thing that may be done to a record, as it is declared once for all of them.

    ``run`` is called with the record, ``by`` and what the form asked, and returns
    what to tell; it raises InvalidOperation with a sentence when there is nothing to do.
    ``preview`` returns the sentences that tell what ``run`` would do, given what the form
    asked but the reason. ``why_not`` says why the act makes no sense for a record, or "".
    Who does a sensitive act is asked to confirm that it is them.
    """

    name: str
    label: str
    effects: str
    run: Callable[..., str]
    form: type[RecordForm] = RecordForm
    preview: Callable[..., list[str]] = nothing
    why_not: Callable[[Any], str] = always
    initial: Callable[[Any], dict[str, Any]] = empty
    is_sensitive: bool = False

    @property
    def asks_more(self) -> bool:
        """Whether the form asks more than the reason."""
        return self.form is not RecordForm

    def foretell(
        self,
        record: Any,
        asked: dict[str, Any] | None = None,
        *,
        shown: str,
        description: str = "",
    ) -> Subject:
        """What it would do to a record of which this is seen; nothing before it was ``asked``."""
        refused = self.why_not(record)
        is_told = asked is not None and not refused
        return Subject(
            description=description,
            effects=self.preview(record, **asked or {}) if is_told else [],
            of=[record.pk, shown],
            refused=refused,
        )
