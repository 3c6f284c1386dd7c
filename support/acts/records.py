"""Acts: what staff may do to records, and what each asks, foretells and calls."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, ClassVar

from django import forms
from django.db import transaction

from licensing.audit import Actor
from licensing.errors import InvalidOperation
from licensing.models import Licence
from licensing.models.licences import LicenceState
from portal.acts import TYPED_ABOVE, Foretold
from support.acts import unsaid
from support.acts.before import Before, nothing_before
from support.acts.whose import account_of
from support.acts.why import Usual, WhyForm

JUST_NOW = "Just now: "
"""What a sentence begins with that tells of a moment, and that no approval is held to."""


class RecordForm(WhyForm):
    """What an act asks, and why somebody does it.

    ``record`` is what it is done to, or the first of several. What is asked is checked first;
    why is said by who confirms it.
    """

    required_css_class = "required"
    presets: ClassVar[tuple[tuple[str, str, str], ...]] = ()
    """Buttons that fill a field in and send the form: the field, its value and what it says."""
    is_sent_by_presets: ClassVar[bool] = False
    """Whether these are the form's only buttons, and stand for their field."""
    kept: ClassVar[Sequence[tuple[str, Any]]] = ()
    """What was sent and browsers don't send again, for the form that tells what is wrong."""

    def __init__(self, *args: Any, record: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.record = record

    def asking(self) -> list[forms.BoundField]:
        """All the fields but those that ask why."""
        return [field for field in self if field.name not in self.WHY]

    def of_the_act(self) -> list[forms.BoundField]:
        """Those of them that are seen: not one that its presets stand for."""
        by_presets = {name for name, *_ in self.presets} if self.is_sent_by_presets else ()
        return [one for one in self.asking() if not one.is_hidden and one.name not in by_presets]

    def begin_at_the_first(self) -> RecordForm:
        """The form, in which one types at once; with a name to type it opens at its effects."""
        asked = self.of_the_act() or ([] if self.to_type else [self["reason"]])
        first = asked[0].field.widget if asked else None
        if isinstance(first, (forms.TextInput, forms.Textarea)):
            first.attrs["autofocus"] = True
        return self

    def carried(self) -> Iterator[tuple[str, Any]]:
        """What was asked, for the page on which it is checked."""
        for field in self.asking():
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


def why_not_closed(licence: Licence) -> str:
    """A closed licence is left as it is."""
    return f"{licence} is closed." if licence.state == LicenceState.CLOSED else ""


@dataclasses.dataclass(frozen=True)
class Beginning:
    """What a form may begin with: what that is called, the ``choices`` of names with their words,
    and what the form has ``at_first`` for a record by the name that was chosen; 404 for no name."""

    label: str
    choices: Callable[[], list[tuple[str, str]]]
    at_first: Callable[[Any, str], dict[str, Any]]


@dataclasses.dataclass(frozen=True)
class RecordAct:
    """One thing that may be done to a record, as it is declared once for all of them.

    ``run`` is called with the record, ``by`` and what the form asked, and returns
    what to tell; it raises InvalidOperation with a sentence when there is nothing to do.
    ``preview`` returns the sentences that tell what ``run`` would do, given what the form
    asked but the reason; of several records ``together`` tells once what comes of all of them,
    where that is not told of each. ``about`` says in a title, given the same, what the record
    alone does not. ``why_not`` says why the act makes no sense for a record, or "", and
    ``before`` who did it already. Who does a sensitive act is asked to confirm that it is them.
    One that ``makes`` a record is run with a new one, which it saves.

    ``reasons`` are the usual ones, each a button. An act that is ``in_rows`` stands beside each
    record in lists, and asks nothing of the database there; one that is ``at_hand`` is asked for,
    or done, on the record's own page. Once it is done, one goes to the record that it ``leads_to``,
    to its page that it ``goes_on_at``, or back. One that is ``approved_by_a_second`` is done once
    another of the staff approves it; the record has an account, and the form takes no file. Of what
    hurts most the record's name is typed (``name_typed``). One that ``is_mailed`` is told to who
    looks after the account (``portal.people.vendor_deeds``), if that is wanted. One that is not
    ``is_of_account`` is the vendor's own: no customer reads of it. One that ``is_apart`` stands at
    the bottom of the page. To what a closed account has nothing is done but what ``goes_on`` there.
    ``lock_first`` locks what comes before the account when a second one approves it.

    ``beginning`` is what its form may begin with, chosen by name, and ``then`` the act that
    whoever has done it goes on with, if any, given what was asked.
    """

    name: str
    label: str
    effects: str
    run: Callable[..., str]
    form: type[RecordForm] = RecordForm
    preview: Callable[..., list[str]] = unsaid.nothing
    together: Callable[[Sequence[Any]], list[str]] = unsaid.each_by_itself
    about: Callable[..., str] = unsaid.as_described
    why_not: Callable[[Any], str] = unsaid.always
    before: Callable[[Any], Before] = nothing_before
    initial: Callable[[Any], dict[str, Any]] = unsaid.empty
    is_sensitive: bool = False
    approved_by_a_second: bool = False
    makes: bool = False
    reasons: tuple[Usual, ...] = ()
    in_rows: bool = False
    at_hand: bool = False
    leads_to: Callable[[Any], Any] = unsaid.nowhere
    goes_on_at: str = ""
    name_typed: Callable[[Any], str] = unsaid.unnamed
    is_mailed: bool = True
    is_of_account: bool = True
    is_apart: bool = False
    goes_on: bool = False
    beginning: Beginning | None = None
    then: Callable[..., Then | None] = unsaid.no_more
    lock_first: Callable[..., None] = unsaid.no_more

    @property
    def asks_more(self) -> bool:
        """Whether the form asks more than the reason."""
        return self.form is not RecordForm

    def to_type(self, records: Sequence[Any]) -> str:
        """What whoever confirms has to type: a name, or of several records how many; or ""."""
        if len(records) > TYPED_ABOVE or (
            len(records) > 1 and self.name_typed is not unsaid.unnamed
        ):
            return str(len(records))
        return self.name_typed(records[0]) if records else ""

    def why_asked_of(self, records: Sequence[Any]) -> dict[str, Any]:
        """How its form asks why it is done to these."""
        return {
            "reasons": self.reasons,
            "to_type": self.to_type(records),
            "is_mailed": self.is_mailed,
            "is_of_account": self.is_of_account,
        }

    def refusal(self, record: Any) -> str:
        """Why it can't be done to the record as it is, or ""."""
        account = None if self.makes or self.goes_on else account_of(record)
        if account and account.closed_at:
            return f"{account} is closed."
        return self.why_not(record)

    def foretell(
        self,
        record: Any,
        asked: dict[str, Any] | None = None,
        *,
        shown: str,
        description: str = "",
    ) -> Subject:
        """What it would do to a record of which this is seen; nothing before it was ``asked``."""
        refused = self.refusal(record)
        is_told = asked is not None and not refused
        return Subject(
            description=description,
            effects=self.preview(record, **asked or {}) if is_told else [],
            of=[record.pk, shown],
            refused=refused,
        )


@dataclasses.dataclass(frozen=True)
class Then:
    """The act that comes next, upon which record, and with which choice its form begins."""

    act: RecordAct
    record: Any
    chosen: str


def of_its_account(record: Any) -> str:
    """What a page says about a record unless its table says more."""
    return f"{record} of {record.account}"


def as_it_is(record: Any) -> Any:
    """The record read anew, where the domain locks what it changes.

    Raise InvalidOperation when it has gone.
    """
    found = type(record)._default_manager.filter(pk=record.pk).first()
    if found is None:
        raise InvalidOperation(f"{record} is not there any more.")
    return found


def unseen(record: Any) -> str:
    """Nothing that somebody must have seen, where the domain sees to it."""
    return ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Kind:
    """The records of one table, as every door to their acts looks at them and does these.

    ``lock`` gives the record as it is now, and where it must, nobody else's until the end.
    ``shown`` is what somebody who confirms must have seen of it. A new record has neither.
    """

    acts: tuple[RecordAct, ...]
    describe: Callable[[Any], str] = of_its_account
    lock: Callable[[Any], Any] = as_it_is
    shown: Callable[[Any], str] = unseen

    def subject(self, act: RecordAct, record: Any, asked: dict[str, Any] | None) -> Subject:
        """A record for an act's page; nothing is foretold before it was asked."""
        description = "" if act.makes else self.describe(record)
        shown = self.seen_of(act, record)
        return act.foretell(record, asked, shown=shown, description=description)

    def seen_of(self, act: RecordAct, record: Any) -> str:
        """What somebody who confirms the act must have seen of the record."""
        return "" if act.makes else self.shown(record)

    @transaction.atomic
    def carry_out(
        self, act: RecordAct, record: Any, *, confirmed: Collection[str], by: Actor, **asked: Any
    ) -> str:
        """Do it to the record as it is now; return what to tell.

        Raise LicensingError when it cannot be done, or the record is not what was confirmed.
        """
        return act.run(self.as_confirmed(act, record, confirmed), by=by, **asked)

    def as_confirmed(self, act: RecordAct, record: Any, confirmed: Collection[str]) -> Any:
        """The record as it is now, locked, if the act may be done to it.

        Raise InvalidOperation when it may not, or the record is not what was confirmed.
        """
        if not act.makes:
            record = self.lock(record)
        now = act.foretell(record, shown=self.seen_of(act, record))
        if now.refused:
            raise InvalidOperation(now.refused)
        if not now.was_read(confirmed):
            raise InvalidOperation(
                f"{record} was changed by somebody else in the meantime. "
                "Nothing was done: look at it again."
            )
        return record
