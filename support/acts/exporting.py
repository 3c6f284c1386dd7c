"""An account's export: ordering one, and reading one back in as a new account."""

from __future__ import annotations

import io

from django import forms

from licensing.audit import Actor
from licensing.errors import InvalidOperation
from licensing.models import Account
from licensing.names import one_line
from portal.exports import files, full_checks, made_anew, reading_back
from portal.models import User
from support.acts.files import FileForm, not_right
from support.acts.records import RecordAct
from support.acts.why import Usual, Why
from support.words import number_of


def preview_export(account: Account) -> list[str]:
    """What is in the file, and how it comes."""
    return [
        f"The file has everything of {account}: licences, features, keys (masked), devices, "
        "rules, people, notes, requests, sessions, refusals and the audit record. No secrets.",
        f"It is made in the background. You get a mail with a link, which works for you alone and "
        f"for {files.good_for().days} days.",
    ]


def order(account: Account, *, by: Actor, reason: str) -> str:
    """Have the file made; return what to tell."""
    person = User.objects.filter(pk=by.id).first() if by.kind == "support" else None
    if person is None:
        raise InvalidOperation("Only somebody to whom a link can be mailed orders an export.")
    files.order_full(account, person, reason=reason)
    return f"The export of {account} is being made: a link comes to {person.email}."


EXPORT = RecordAct(
    name="export",
    label="Export everything",
    effects="All that the account has goes into one file, as JSON Lines and CSV.",
    run=order,
    preview=preview_export,
    is_sensitive=True,
    goes_on=True,
    reasons=(Usual(Why.ASKED, "They want a copy of all their data."),),
)


MOST_AT_ONCE = 500
"""So many licences, machines and rules of an export somebody waits for."""


class ReadingForm(FileForm):
    """The export, what the account is called here, and why."""

    most_bytes = 1024 * 1024
    none_as_long = "manage.py import_account takes it"

    file = forms.FileField(
        label="Export",
        error_messages={"required": "Choose the export of an account."},
        help_text="The ZIP archive as it was exported. What it would make is told first.",
    )
    name = forms.CharField(
        required=False,
        max_length=200,
        validators=[one_line],
        label="Name of the account here",
        help_text="Empty: as it was.",
    )
    field_order = ["file", "name", "reason"]


def preview_reading(account: Account, *, content: bytes, name: str) -> list[str]:
    """What the export would make; raise NotReady with every row that is not right."""
    reading = reading_back.plan(io.BytesIO(content), name=name)
    require_short(reading)
    lines = told(reading)
    if reading.problems:
        raise not_right("row", reading.problems, lines, mend="")
    [row] = reading.rows["account"]
    return [f"The account {row.name} is opened, with all of this or nothing:", *lines]


def require_short(reading: full_checks.Reading) -> None:
    """Raise InvalidOperation for more than is made while somebody waits: all of it or nothing."""
    number = sum(made_anew.counts_of(reading).values())
    if number > MOST_AT_ONCE:
        raise InvalidOperation(
            f"The export has {number:,} licences, machines and rules, and {MOST_AT_ONCE:,} are "
            "made at once here: manage.py import_account takes it."
        )


def told(reading: full_checks.Reading) -> list[str]:
    """What is made of how many rows, and what is not brought."""
    made = {kind: len(rows) for kind, rows in reading.rows.items() if kind != "account"}
    people = made.pop("people") + made.pop("invitations")
    brought = ", ".join(f"{number:,} {kind}" for kind, number in made.items())
    left = ", ".join(f"{number:,} {kind}" for kind, number in reading.left.items())
    return [
        f"Made: {brought}. Each key is a new one, with a new serial number.",
        f"{number_of(people, 'person gets', 'people get')} a mail that invites them.",
        f"Not brought, for it is over or happened there: {left or 'nothing'}.",
    ]


def read_in(account: Account, *, by: Actor, reason: str, content: bytes, name: str) -> str:
    """Make the account; return what to tell."""
    reading = reading_back.plan(io.BytesIO(content), name=name)
    made_anew.make(reading, account, by=by, reason=reason)
    licences = number_of(len(reading.rows["licences"]), "licence")
    return f"Opened the account {account} with {licences}, read from its export."


READ_IN = RecordAct(
    name="read-in",
    label="Read an export in",
    effects="An account of another installation is made here, from its export.",
    run=read_in,
    form=ReadingForm,
    preview=preview_reading,
    is_sensitive=True,
    reasons=(Usual(Why.ROUTINE, "The account moves to this installation."),),
    makes=True,
)
