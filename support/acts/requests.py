"""What staff do with what customers ask the desk."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from licensing import pools
from licensing.audit import Actor
from licensing.keys import no_product_key
from licensing.models import Licence
from licensing.names import plain_text
from licensing.numbers import as_plain
from portal.desk import requests
from portal.models import CustomerRequest, RequestKind, RequestState
from support.acts.answers import BEGINNING
from support.acts.fields import SeatsField
from support.acts.records import Kind, RecordAct, RecordForm, why_not_closed
from support.acts.seats import possible_seats, preview_seats, seats_after
from support.acts.why import Usual, Why
from support.words import number_of

MOST_IN_AN_ANSWER = 2000
SEATS_NAMED = re.compile(r"\b([0-9]{1,3}(?:[,.][0-9]{3})+|[0-9]{1,6}) seats?\b")
"""How many seats a text names; "2 more seats" are none of these."""


class AnswerForm(RecordForm):
    """What the customer reads, and a note for the audit record."""

    answer = forms.CharField(
        max_length=MOST_IN_AN_ANSWER,
        validators=[plain_text, no_product_key],
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="The customer reads it on their page and in a mail.",
    )
    field_order = ["answer", "reason"]


def preview_answer(record: CustomerRequest, *, answer: str) -> list[str]:
    """Who is told."""
    return [f"{record.asked_by} ({record.asked_by_email}) gets the answer by mail: “{answer}”"]


def preview_answer_alone(record: CustomerRequest, *, answer: str) -> list[str]:
    """Who is told; and that no seat changes, where seats are what was asked for."""
    told = preview_answer(record, answer=answer)
    if record.kind != RequestKind.SEATS or record.licence is None:
        return told
    seats = number_of(record.licence.seats, "seat")
    return [
        f"NO seat changes: {record.licence} keeps its {seats}. Sales change them and answer in "
        "one act, Set seats and answer.",
        *told,
    ]


def answer(record: CustomerRequest, *, by: Actor, reason: str, answer: str) -> str:
    """Answer; return what to tell."""
    requests.answer(record, answer, by=by, reason=reason)
    return f"Answered {record.asked_by}: {record}."


def take(record: CustomerRequest, *, by: Actor, reason: str) -> str:
    """See to it; return what to tell."""
    requests.take(record, by=by, reason=reason)
    return f"You see to it: {record} of {record.account}."


def preview_take(record: CustomerRequest) -> list[str]:
    """Who does now."""
    return [f"{record.taken_by or 'Nobody'} sees to it now."]


def why_not_answer(record: CustomerRequest) -> str:
    """Only what is open is answered."""
    if record.state == RequestState.OPEN:
        return ""
    return f"{record}: this request is {record.get_state_display().lower()} already."


class GrantForm(AnswerForm):
    """The seats that the licence has from now on, what the customer reads, and a note.

    The answer that stands there at first tells of the seats that were asked for; left as it is,
    it tells of those that are given.
    """

    seats = SeatsField()
    field_order = ["seats", "answer", "reason"]

    def clean_seats(self) -> str:
        return possible_seats(self.record.licence, self.cleaned_data["seats"])

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        licence, seats = self.record.licence, asked.get("seats")
        if seats and same_words(asked.get("answer", ""), usual_answer(licence, self.record.seats)):
            asked["answer"] = usual_answer(licence, seats_after(licence, seats))
        return asked


def usual_answer(licence: Licence, seats: int | None) -> str:
    """What the customer reads unless somebody writes more."""
    return f"{licence} has {number_of(seats or 0, 'seat')} now."


def same_words(text: str, other: str) -> bool:
    """Whether two texts differ in blanks alone."""
    return text.split() == other.split()


def initial_grant(record: CustomerRequest) -> dict[str, Any]:
    """The seats that were asked for, and an answer to begin with."""
    if not (record.licence and record.seats):
        return {}
    return {
        "seats": record.seats,
        "answer": usual_answer(record.licence, record.seats),
    }


def preview_grant(record: CustomerRequest, *, seats: str, answer: str) -> list[str]:
    """What the new limit means, and who is told."""
    assert record.licence  # or it could not be done
    after = seats_after(record.licence, seats)
    return [
        *other_than_asked(record, after),
        *other_than_told(record.licence, after, answer),
        *preview_seats(record.licence, seats=seats),
        *preview_answer(record, answer=answer),
    ]


def other_than_asked(record: CustomerRequest, seats: int) -> list[str]:
    """That they asked for another number."""
    if record.seats is None or record.seats == seats:
        return []
    return [f"They asked for {number_of(record.seats, 'seat')}, not {seats:,}."]


def other_than_told(licence: Licence, seats: int, answer: str) -> list[str]:
    """That the answer names another number of seats than the licence has then."""
    named = [as_plain(number) for number in SEATS_NAMED.findall(answer)]
    if all(int(number) == seats for number in named):
        return []
    said = " and ".join(named)
    return [f"The answer says {said}, but {licence} has {seats:,} then: is it meant?"]


def grant(record: CustomerRequest, *, by: Actor, reason: str, seats: str, answer: str) -> str:
    """Change the limit and answer; return what to tell."""
    assert record.licence
    licence = pools.lock(record.licence.pk)
    after = seats_after(licence, seats)
    requests.grant(record, after, answer, by=by, reason=reason)
    return f"{licence}: user limit {after:,}. Answered {record.asked_by}."


def why_not_grant(record: CustomerRequest) -> str:
    """Only what is open, and asks for seats of a licence that goes on."""
    if refused := why_not_answer(record):
        return refused
    if record.kind != RequestKind.SEATS or record.licence is None:
        return f"{record}: this request asks for no seats of a licence."
    return why_not_closed(record.licence)


def state_of(record: CustomerRequest) -> str:
    """What the acts change: a second submit of one page, or another's act, finds it changed."""
    return f"{record.state} {record.licence and record.licence.seats} {record.taken_by}"


KIND = Kind(
    acts=(
        RecordAct(
            "grant",
            "Set seats and answer",
            "The customer has the seats at once and is told.",
            grant,
            form=GrantForm,
            preview=preview_grant,
            why_not=why_not_grant,
            initial=initial_grant,
            reasons=(Usual(Why.ASKED),),
            in_rows=True,
        ),
        RecordAct(
            "answer",
            "Answer",
            "The customer is told.",
            answer,
            form=AnswerForm,
            preview=preview_answer_alone,
            why_not=why_not_answer,
            reasons=(Usual(Why.ASKED),),
            is_mailed=False,
            in_rows=True,
            goes_on=True,
            beginning=BEGINNING,
        ),
        RecordAct(
            "take",
            "Take",
            "The queue says that you see to it. Others may still answer.",
            take,
            preview=preview_take,
            why_not=why_not_answer,
            reasons=(Usual(Why.ROUTINE, "I see to it."),),
            is_mailed=False,
            in_rows=True,
        ),
    ),
    shown=state_of,
)
