"""Records that have acts: where each act has its page, and what leads there.

An act has an address of its own, ``release/?id=…``, for one row or several. The
list's action and the button on a record lead there; what is done all day is on the
record's page itself. Who lacks the permission sees neither, and the address refuses them.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin.options import Action, ActionLocation
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse

from licensing.models import Account, AuditEntry
from portal.views import confirmations
from support.acts.records import Kind, RecordAct
from support.admin.act_steps import ActPage
from support.admin.offers import MOST_AT_ONCE, action_of, column_of
from support.admin.tables import RecordAdmin


class ActAdmin(RecordAdmin):
    """Records with acts."""

    change_form_template = "admin/record_with_acts.html"
    change_list_template = "admin/records_with_acts.html"
    kind: Kind

    @property
    def acts(self) -> tuple[RecordAct, ...]:
        """What may be done to them."""
        return self.kind.acts

    def permission(self, act: RecordAct) -> str:
        """The right that an act needs, as ``support.permissions`` names it."""
        return f"support.{self.opts.model_name}_{act.name.replace('-', '_')}"

    def may(self, request: HttpRequest, act: RecordAct) -> bool:
        """Whether this person may do the act."""
        return request.user.has_perm(self.permission(act))

    def acts_of(self, request: HttpRequest) -> list[RecordAct]:
        """The acts that this person may do."""
        return [act for act in self.acts if self.may(request, act)]

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"{act.name}/",
                self.admin_site.admin_view(functools.partial(self.act_view, act=act)),
                name=self.url_name(act.name),
            )
            for act in self.acts
        ]
        return own + super().get_urls()

    def url_name(self, act: str) -> str:
        """The name of an act's address."""
        return f"{self.opts.app_label}_{self.opts.model_name}_{act}"

    def address(self, act: RecordAct, ids: Iterable[Any], **more: str) -> str:
        """The page of an act for these records."""
        query = urlencode([*(("id", record_id) for record_id in ids), *more.items()])
        return f"{reverse(f'admin:{self.url_name(act.name)}')}?{query}"

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
        return [first, column_of(offered, self.address), *others] if offered else [first, *others]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The record, with a button for each act that it allows and a way to its audit entries."""
        record = self.get_object(request, object_id)
        acts = [
            act
            for act in self.acts_of(request)
            if record is not None and not act.makes and not act.why_not(record)
        ]
        context = (extra_context or {}) | {
            "acts": [
                {"label": act.label, "url": self.address(act, [object_id])}
                for act in acts
                if not act.at_hand
            ],
            "at_hand": [self.at_hand(act, record) for act in acts if act.at_hand],
            "entries_url": self.entries_url(object_id, record),
        }
        return super().change_view(request, object_id, form_url, context)

    def at_hand(self, act: RecordAct, record: Any) -> dict[str, Any]:
        """An act as the record's own page has it: what it does and why, or what it asks."""
        form = act.form(
            initial=act.initial(record),
            record=record,
            reasons=act.reasons,
            auto_id=f"id_{act.name}_%s",
        )
        subject = self.kind.subject(act, record, None if act.asks_more else {})
        return {
            "act": act,
            "form": form,
            "subject": subject,
            "url": self.address(act, [record.pk]),
            "confirmed": [] if act.asks_more else [subject.fingerprint],
        }

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, with a button for each act that makes a record."""
        own = {"makers": self.makers(request)}
        return super().changelist_view(request, (extra_context or {}) | own)

    def makers(self, request: HttpRequest) -> list[dict[str, str]]:
        """The acts that make a record, as buttons."""
        return [
            {"label": act.label, "url": reverse(f"admin:{self.url_name(act.name)}")}
            for act in self.acts_of(request)
            if act.makes
        ]

    def entries_url(self, object_id: str, record: Any) -> str:
        """Where the audit entries about a record are listed."""
        about: dict[str, Any] = {"object_kind": self.opts.verbose_name, "object_id": object_id}
        if record is not None:
            about["account__id__exact"] = account_id(record)
        return f"{reverse('admin:licensing_auditentry_changelist')}?{urlencode(about)}"

    def note(self, request: HttpRequest, record: Any, words: str, reason: str) -> str:
        """The address of the audit entry that an act has left just now."""
        entry = AuditEntry.objects.filter(account=account_id(record)).latest("number")
        return reverse("admin:licensing_auditentry_change", args=[entry.pk])

    def act_view(self, request: HttpRequest, act: RecordAct) -> HttpResponseBase:
        """Ask for the reason, tell what the act will do and to whom, do it."""
        if not self.may(request, act):
            raise PermissionDenied
        if act.is_sensitive and not confirmations.is_confirmed(request):
            return confirmations.ask_first(request)
        records = [self.model()] if act.makes else self.records_named(request)
        return ActPage(self, request, act, records).answer()

    def records_named(self, request: HttpRequest) -> list[Any]:
        """The records whose ids the address names; 404 unless all of them exist."""
        ids = set(request.GET.getlist("id"))
        try:
            records = list(self.get_queryset(request).filter(pk__in=ids)[:MOST_AT_ONCE])
        except (ValueError, ValidationError):
            raise Http404 from None
        if not records or len(records) != len(ids):
            raise Http404
        return records

    def way_back(self, records: list[Any]) -> str:
        """The record's own page, or the list if there are several, or none is left."""
        pages = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        if len(records) == 1 and self.model._default_manager.filter(pk=records[0].pk).exists():
            return reverse(f"{pages}_change", args=[records[0].pk])
        return reverse(f"{pages}_changelist")

    def way_on(self, act: RecordAct, record: Any) -> str:
        """Where the next step is, once an act was done."""
        found = act.leads_to(record)
        if found is None:
            return self.way_back([record])
        return reverse(
            f"admin:{found._meta.app_label}_{found._meta.model_name}_change", args=[found.pk]
        )


def account_id(record: Any) -> int:
    """The account in whose audit record a record's entries are."""
    return record.pk if isinstance(record, Account) else record.account_id
