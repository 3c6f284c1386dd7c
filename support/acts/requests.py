"""What staff do with what customers ask the desk."""

from __future__ import annotations

from django import forms

from licensing.audit import Actor
from licensing.names import plain_text
from portal.desk import requests
from portal.models import CustomerRequest, RequestState
from support.acts.records import Kind, RecordAct, RecordForm

MOST_IN_AN_ANSWER = 2000


class AnswerForm(RecordForm):
    """What the customer reads, and a note for the audit record."""

    answer = forms.CharField(
        max_length=MOST_IN_AN_ANSWER,
        validators=[plain_text],
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="The customer reads it on their page and in a mail.",
    )
    field_order = ["answer", "reason"]


def preview_answer(record: CustomerRequest, *, answer: str) -> list[str]:
    """Who is told."""
    return [f"{record.asked_by} ({record.asked_by_email}) gets the answer by mail: “{answer}”"]


def answer(record: CustomerRequest, *, by: Actor, reason: str, answer: str) -> str:
    """Answer; return what to tell."""
    requests.answer(record, answer, by=by, reason=reason)
    return f"Answered {record.asked_by}: {record}."


def why_not_answer(record: CustomerRequest) -> str:
    """Only what is open is answered."""
    if record.state == RequestState.OPEN:
        return ""
    return f"{record}: this request is {record.get_state_display().lower()} already."


KIND = Kind(
    acts=(
        RecordAct(
            "answer",
            "Answer",
            "The customer is told.",
            answer,
            form=AnswerForm,
            preview=preview_answer,
            why_not=why_not_answer,
        ),
    ),
)
