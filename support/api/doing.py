"""Doing what staff do: each request is carried out by the act that the console has for it.

The act's own form reads what was asked, its preview refuses what cannot be, and it is done by the
same verbs, to the record as it is then, with the same entries in the audit record.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Model
from django.http import HttpRequest

from licensing import errors
from licensing.api import problems
from licensing.api.documents import FieldProblem
from licensing.api.exchange import answer
from licensing.api.parsers import pointer_to
from licensing.audit import kept_for_staff
from portal.api.answers import etag_of
from support import tokens
from support.acts.records import RecordAct, RecordForm
from support.api.asked import SENT_AS
from support.api.documents import VendorLicence
from support.console import tables
from support.console.table import Table
from support.models import StaffToken

ASKED_AS = {sent_as: name for name, sent_as in SENT_AS.items()}


@dataclass(frozen=True)
class Deed:
    """One act of the console, as a request asks for it."""

    table: Table
    act: RecordAct

    @property
    def right(self) -> str:
        """The right that staff need for it."""
        return self.table.permission(self.act)

    def do(self, record: Any, sent: dict[str, Any], *, by: StaffToken) -> None:
        """Do it to the record, which the transaction has locked.

        Raise InvalidOperation, with what is wrong where, when it cannot be done as asked.
        """
        kind, asked = self.table.kind, self.read(record, sent)
        reason, kept = asked.pop("reason"), asked.pop("for_staff")
        if refused := self.act.refusal(record):
            raise errors.InvalidOperation(refused)
        with telling_where(), kept_for_staff(kept):
            self.act.preview(record, **asked)
            seen = self.act.foretell(record, shown=kind.seen_of(self.act, record)).fingerprint
            asked |= {"by": tokens.actor(by), "reason": reason}
            kind.carry_out(self.act, record, confirmed=[seen], **asked)

    def read(self, record: Any, sent: dict[str, Any]) -> dict[str, Any]:
        """What the act's form makes of what was sent; what was not, stays as it is."""
        form = self.act.form(
            self.act.initial(record) | sent, record=record, reasons=self.act.reasons
        )
        if not form.is_valid():
            raise errors.InvalidOperation(NOT_AS_ASKED, errors=list(wrong_in(form)))
        return dict(form.cleaned_data)


NOT_AS_ASKED = "This cannot be done as asked. See errors."


def deed(model: type[Model], name: str) -> Deed:
    """The act of this name on records of this kind."""
    table = tables.of(model)
    return Deed(table, table.act_named(name))


@contextmanager
def telling_where() -> Iterator[None]:
    """What is refused for one part of what was asked says for which, as what a form refuses."""
    try:
        yield
    except errors.InvalidOperation as refusal:
        if refusal.part:
            refusal.extra.setdefault("errors", [problem_in(refusal.part, str(refusal))])
        raise


def problem_in(field: str, told: str) -> FieldProblem:
    """What is wrong with a field of the console's form, where the document that was sent has it."""
    return FieldProblem(pointer=pointer_to(ASKED_AS.get(field, field)), detail=told)


def wrong_in(form: RecordForm) -> Any:
    """What the form says is wrong, by the fields of the document that was sent."""
    for name, told in form.errors.items():
        for one in map(str, told):
            is_of_all = name == NON_FIELD_ERRORS
            yield FieldProblem(pointer="", detail=one) if is_of_all else problem_in(name, one)


def require_match(request: HttpRequest, document: VendorLicence) -> None:
    """Raise PreconditionFailed when the request is about another version of the document.

    A version that is named without its quotes is taken, too: what is left unread guards nothing.
    """
    wanted = request.headers.get("If-Match")
    if wanted is None:
        return
    named = {one.strip().strip('"') for one in wanted.split(",")}
    if not {"*", etag_of(answer(document).content).strip('"')} & named:
        raise problems.PreconditionFailed
