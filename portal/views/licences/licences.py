"""Licences: the list of pools and single-user licences, and each licence's page."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from licensing import licences as domain
from licensing import standby
from licensing.models import Licence
from licensing.names import one_line
from portal.licences import access_rules, notes
from portal.licences import rows as licence_rows
from portal.licences.access_rules import Verdict
from portal.licences.listed import LICENCES, POOLS, SINGLE_USER
from portal.licences.page import LicencePage
from portal.licences.query import LicenceList, choices_of
from portal.licences.rows import UNUSED_LONG
from portal.lists.columns import layout
from portal.models import Role
from portal.sent.forms import once
from portal.views.access import (
    AccountRequest,
    may_manage,
    require_safe_or_post,
    role_required,
    sees_as_manager,
)
from portal.views.acts import Act, carry_out
from portal.words.aliases import Names, names_for
from portal.words.browsers import is_phone
from portal.words.states import state_of
from portal.words.statuses import LicenceStatus

MOST_IN_A_NAME = 100


class TesterForm(forms.Form):
    """Who asks for a seat, where: what would the access rules say?"""

    username = forms.CharField(label=gettext_lazy("User"), max_length=255)
    machine_name = forms.CharField(label=gettext_lazy("Machine"), max_length=255)


@require_safe
@role_required(LICENCES.role)
@standby.answers
def licences(request: AccountRequest) -> HttpResponse:
    """Concurrent User Licence Pools and Single User Licences, separately."""
    listed = LicenceList(request.account, request.GET, names_for(request.membership))
    pools = [row for row in listed.matching if licence_rows.is_pool(row)]
    single = [row for row in listed.matching if not licence_rows.is_pool(row)]
    pools_page, single_page = listed.page(pools, POOLS), listed.page(single, SINGLE_USER)
    licence_rows.add_features(row.licence for row in (*pools_page, *single_page))
    context = {
        "query": listed,
        "total": len(listed.matching),
        "choices": choices_of(listed.everything),
        "unused": sum(row.is_unused_for(UNUSED_LONG) for row in listed.everything),
        "unused_for": UNUSED_LONG,
        "can_manage": may_manage(request),
        "export_url": reverse("portal:export_licences", query=request.GET or None),
        "tag_url": reverse("portal:tag_licences", query=request.GET or None),
        "free_url": reverse("portal:free_devices", query=request.GET or None),
        "has_licences": bool(listed.everything),
        "statuses": [(name, state_of(name).word) for name in LicenceStatus],
        "pools_layout": layout(POOLS, request),
        "single_layout": layout(SINGLE_USER, request),
        "pools": pools_page,
        "single": single_page,
    }
    return render(request, "portal/licences/licences.html", context)


@require_safe
@role_required(Role.VIEWER)
def licence(request: AccountRequest, licence_id: int) -> HttpResponse:
    """Everything about one licence: features, keys, devices, sessions, denials, history."""
    found = request.account.licences.select_related("product", "customer_notes").with_use()
    licence = get_object_or_404(found, pk=licence_id)
    names = names_for(request.membership)
    tester = tester_for(names, request.GET)
    can_manage = may_manage(request)
    context = {
        "licence": licence,
        "page": LicencePage(licence, names, request.GET),
        "tester": tester,
        "verdict": verdict_of(licence, tester),
        "can_manage": can_manage,
        "whom_to_ask": "" if sees_as_manager(request) else notes.whom_to_ask(licence),
        "has_room": not is_phone(request.headers.get("User-Agent", "")),
    }
    return render(request, "portal/licences/licence.html", context)


def tester_for(names: Names, parameters: QueryDict) -> TesterForm | None:
    """The form, filled in if it was sent; None for readers of aliases, who would learn names."""
    if names.are_aliases:
        return None
    return TesterForm(parameters if "username" in parameters else None)


def verdict_of(licence: Licence, tester: TesterForm | None) -> Verdict | None:
    """What would happen to whom the form names, if it was sent."""
    if tester is None or not tester.is_valid():
        return None
    return access_rules.verdict(licence, **tester.cleaned_data)


class RenameForm(forms.Form):
    """What the licence is called."""

    name = forms.CharField(
        validators=[one_line], label=gettext_lazy("Name"), max_length=MOST_IN_A_NAME
    )


@require_safe_or_post
@role_required(Role.MANAGER)
@once
def rename_licence(request: AccountRequest, licence_id: int) -> HttpResponse:
    """Call a licence what the people who use it call it."""
    licence = get_object_or_404(request.account.licences, pk=licence_id)
    act = Act(
        title=_("Rename %s") % licence.name,
        effects=[_("People see the new name here and, at its next contact, in the program.")],
        button=_("Rename"),
        back=reverse("portal:licence", args=[licence_id]),
    )

    def do(form: RenameForm) -> str:
        domain.rename(licence, form.cleaned_data["name"], by=request.user.as_actor)
        return _("Saved.")

    form = RenameForm(request.POST or None, initial={"name": licence.name})
    return carry_out(request, act, form, do)
