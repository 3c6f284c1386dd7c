"""What may be done to a record, as pages offer it: links, and what is done all day at hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser

from licensing.models import ClientSession
from portal.models import User
from support.acts.records import RecordAct
from support.console import tables
from support.console.table import Table

Person = User | AnonymousUser


@dataclass(frozen=True)
class Link:
    """An act, and where it is done."""

    label: str
    url: str


def beside(table: Table, user: Person, record: Any) -> list[Link]:
    """The usual acts that this person may do, as a list has them beside the record."""
    return links(table, [act for act in table.acts_of(user) if act.in_rows], record)


def links(table: Table, acts: list[RecordAct], record: Any) -> list[Link]:
    """Those of the acts that make sense for the record."""
    return [link(table, act, record) for act in possible(acts, record)]


def link(table: Table, act: RecordAct, record: Any) -> Link:
    """The way to an act upon the record."""
    return Link(act.label, table.address(act, [record.pk]))


def possible(acts: list[RecordAct], record: Any) -> list[RecordAct]:
    """Those of the acts that may be done to the record as it is."""
    return [act for act in acts if not act.makes and not act.refusal(record)]


def makers(table: Table, user: Person) -> list[Link]:
    """The acts that make a record."""
    return [Link(act.label, table.address(act)) for act in table.acts_of(user) if act.makes]


def made_here(user: Person, page: str) -> list[Link]:
    """Those of all tables that this page leads to."""
    here = [table for table in tables.ALL if table.listed_at == page]
    return [link for table in here for link in makers(table, user)]


def release_many(user: Person) -> str:
    """Where sessions that are ticked are released; "" for those who may not."""
    table = tables.of(ClientSession)
    act = table.act_named("release")
    return table.address(act) if table.may(user, act) else ""


def at_hand(table: Table, act: RecordAct, record: Any) -> dict[str, Any]:
    """An act as the record's own page has it: what it does and why, or what it asks."""
    form = act.form(
        initial=act.initial(record),
        record=record,
        **act.why_asked_of([record]),
        auto_id=f"id_{act.name}_%s",
    )
    subject = table.kind.subject(act, record, None if act.asks_more else {})
    return {
        "act": act,
        "form": form,
        "subject": subject,
        "url": table.address(act, [record.pk]),
        "confirmed": [] if act.asks_more else [subject.fingerprint],
    }
