"""Acts: what staff may do to records, each on a page that tells its effects and asks why.

An act has an address of its own, ``release/?id=…``, for one row or several. The
list's action and the button on a record lead there. Who lacks the permission
sees neither, and the address refuses them.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin.options import Action, ActionLocation
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from licensing.errors import InvalidOperation
from portal.access import actor
from support.admin.tables import RecordAdmin

MOST_AT_ONCE = 50


class ReasonForm(forms.Form):
    """Why somebody does it: the customer reads it in the audit log, too."""

    required_css_class = "required"

    reason = forms.CharField(
        min_length=10,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text="10 characters or more. It is kept in the audit record.",
    )


@dataclasses.dataclass(frozen=True)
class Act:
    """One thing that may be done to a record.

    ``run`` is called with the record, ``by`` and what the form asked, and returns
    what to tell; it raises InvalidOperation with a sentence when there is nothing to do.
    """

    name: str
    label: str
    effects: str
    permission: str
    run: Callable[..., str]
    form: type[ReasonForm] = ReasonForm


class ActAdmin(RecordAdmin):
    """Records with acts."""

    change_form_template = "admin/record_with_acts.html"
    acts: tuple[Act, ...] = ()

    def describe(self, record: Any) -> str:
        """What an act's page says about a record."""
        return f"{record} of {record.account}"

    def acts_of(self, request: HttpRequest) -> list[Act]:
        """The acts that this person may do."""
        return [act for act in self.acts if request.user.has_perm(act.permission)]

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

    def address(self, act: Act, ids: Iterable[Any]) -> str:
        """The page of an act for these records."""
        query = urlencode([("id", record_id) for record_id in ids])
        return f"{reverse(f'admin:{self.url_name(act.name)}')}?{query}"

    def get_actions(
        self, request: HttpRequest, action_location: ActionLocation = ActionLocation.CHANGE_LIST
    ) -> dict[str, Action]:
        """The acts, offered for the rows that are ticked in the list."""
        if action_location != ActionLocation.CHANGE_LIST:
            return {}
        return {act.name: action_of(act) for act in self.acts_of(request)}

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The record, with a button for each act and a way to its audit entries."""
        buttons = [
            {"label": act.label, "url": self.address(act, [object_id])}
            for act in self.acts_of(request)
        ]
        kind = {"object_kind": self.opts.verbose_name, "object_id": object_id}
        entries = f"{reverse('admin:licensing_auditentry_changelist')}?{urlencode(kind)}"
        context = (extra_context or {}) | {"acts": buttons, "entries_url": entries}
        return super().change_view(request, object_id, form_url, context)

    def act_view(self, request: HttpRequest, act: Act) -> HttpResponse:
        """Tell what the act does and to whom, ask for the reason, do it."""
        if not request.user.has_perm(act.permission):
            raise PermissionDenied
        records = self.records_named(request)
        form = act.form(request.POST or None)
        if not form.is_valid():
            return self.act_page(request, act, records, form)

        for record in records:
            self.tell(request, act, record, form.cleaned_data)
        return HttpResponseRedirect(
            reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        )

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

    def act_page(
        self, request: HttpRequest, act: Act, records: list[Any], form: ReasonForm
    ) -> TemplateResponse:
        """The page that asks."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": act.label,
            "act": act,
            "descriptions": [self.describe(record) for record in records],
            "form": form,
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/act.html", context, status=status)

    def tell(self, request: HttpRequest, act: Act, record: Any, asked: dict[str, Any]) -> None:
        """Do it to one record and say how it went."""
        try:
            words = act.run(record, by=actor(request.user), **asked)
        except InvalidOperation as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, words)


def action_of(act: Act) -> Action:
    """The act as Django's lists offer it."""
    return Action(
        func=functools.partial(go_to_act, act=act),
        name=act.name,
        description=act.label,
        plural_description=act.label,
        locations=[ActionLocation.CHANGE_LIST],
    )


def go_to_act(
    model_admin: ActAdmin, request: HttpRequest, queryset: QuerySet[Model], *, act: Act
) -> HttpResponse | None:
    """The action of a list: go on to the act's page."""
    ids = list(queryset.values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
    if len(ids) > MOST_AT_ONCE:
        messages.warning(request, f"Select {MOST_AT_ONCE} or fewer at a time.")
        return None
    return HttpResponseRedirect(model_admin.address(act, ids))
