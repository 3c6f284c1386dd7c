"""Where one goes from an act: on to what it made, or back."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from support.acts.records import RecordAct
from support.console.tables import of, page_of, tab_of


def way_back(records: list[Any]) -> str:
    """The record's own page, or if there are several, or none is left, their account's, or the
    list of all of them."""
    if len(records) == 1 and type(records[0])._default_manager.filter(pk=records[0].pk).exists():
        return page_of(records[0])
    accounts = {getattr(record, "account_id", None) for record in records}
    if len(accounts) == 1 and accounts.pop():
        return tab_of(records[0])
    return reverse(of(type(records[0])).listed_at)


def way_on(act: RecordAct, record: Any, asked: dict[str, Any]) -> str:
    """Where the next step is, once an act was done as it was asked."""
    if then := act.then(record, **asked):
        return of(type(then.record)).begin(then.act, then.record, then.chosen)
    if act.goes_on_at:
        return reverse(f"support:{act.goes_on_at}", args=[record.pk])
    found = act.leads_to(record)
    return way_back([record]) if found is None else page_of(found)
