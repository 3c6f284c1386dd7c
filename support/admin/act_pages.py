"""Records that have acts: the way from each record, and from its list, to the console that does
them.

Who lacks the permission sees no way, and the console refuses them.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.admin.options import Action, ActionLocation
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from licensing.models import Account
from support.acts.records import RecordAct
from support.admin.offers import action_of, column_of
from support.admin.tables import RecordAdmin
from support.console import offers, tables
from support.console.table import Table
from support.console.tables import page_of


class ActAdmin(RecordAdmin):
    """Records with acts."""

    change_form_template = "admin/record_with_acts.html"
    change_list_template = "admin/records_with_acts.html"

    @property
    def table(self) -> Table:
        """The records as the console has them."""
        return tables.of(self.model)

    def acts_of(self, request: HttpRequest) -> list[RecordAct]:
        """The acts that this person may do."""
        return self.table.acts_of(request.user)

    def get_actions(
        self, request: HttpRequest, action_location: ActionLocation = ActionLocation.CHANGE_LIST
    ) -> dict[str, Action | None]:
        """The acts, offered for the rows that are ticked in the list."""
        if action_location != ActionLocation.CHANGE_LIST:
            return {}
        return {act.name: action_of(act) for act in self.acts_of(request) if not act.makes}

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """The columns, and the acts that stand beside each record."""
        first, *others = super().get_list_display(request)
        offered = [act for act in self.acts_of(request) if act.in_rows]
        if not offered:
            return [first, *others]
        return [first, column_of(self.table, offered), *others]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The record, with the ways to the console, to each act and to its audit entries."""
        record = self.get_object(request, object_id)
        context = (extra_context or {}) | {
            "acts": offers.links(self.table, self.acts_of(request), record) if record else [],
            "console_url": page_of(record) if record else "",
            "entries_url": self.entries_url(object_id, record),
        }
        return super().change_view(request, object_id, form_url, context)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, with a button for each act that makes a record."""
        own = {"makers": offers.makers(self.table, request.user)}
        return super().changelist_view(request, (extra_context or {}) | own)

    def entries_url(self, object_id: str, record: Any) -> str:
        """Where the audit entries about a record are listed."""
        about: dict[str, Any] = {"object_kind": self.opts.verbose_name, "object_id": object_id}
        if record is not None:
            about["account__id__exact"] = account_id(record)
        return f"{reverse('admin:licensing_auditentry_changelist')}?{urlencode(about)}"


def account_id(record: Any) -> int:
    """The account in whose audit record a record's entries are."""
    return record.pk if isinstance(record, Account) else record.account_id
