"""Acts as lists offer them: a link beside each record, and an action for those that are ticked."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import Action, ActionLocation
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from support.acts.records import RecordAct
from support.console import offers
from support.console.table import MOST_AT_ONCE, Table


def column_of(table: Table, offered: list[RecordAct]) -> Callable[[Any], SafeString]:
    """A column with those of the acts that a record allows."""

    @admin.display(description="acts")
    def acts(record: Any) -> SafeString:
        links = [(link.url, link.label) for link in offers.links(table, offered, record)]
        return format_html_join(" · ", '<a href="{}">{}</a>', links)

    return acts


def action_of(act: RecordAct) -> Action:
    """The act as Django's lists offer it."""
    return Action(
        func=functools.partial(go_to_act, act=act),
        name=act.name,
        description=act.label,
        plural_description=act.label,
        locations=[ActionLocation.CHANGE_LIST],
    )


def go_to_act(
    table: Any, request: HttpRequest, queryset: QuerySet[Model], *, act: RecordAct
) -> HttpResponse | None:
    """The action of a list: go on to the act's page."""
    ids = list(queryset.values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
    if len(ids) > MOST_AT_ONCE:
        messages.warning(request, f"Select {MOST_AT_ONCE} or fewer at a time.")
        return None
    return HttpResponseRedirect(table.table.address(act, ids))
