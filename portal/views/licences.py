"""Licences: the list of pools and single-user licences, and each licence's page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import CharField, Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Now
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from licensing.models import AuditEntry, ClientSession, Denial, Device, Licence, ProductKey
from licensing.models.sessions import EndReason
from portal import licence_list, policies, statuses
from portal.access import AccountRequest, may_manage, role_required, whom_to_ask
from portal.licence_list import LicenceQuery, LicenceRow
from portal.models import Role
from portal.sentences import refusal, sentence, short_name
from portal.templatetags.states import state_of

FIRST_SESSIONS = 10
LATEST_DENIALS = 5
LATEST_ENTRIES = 20
DENIALS_OF = dt.timedelta(days=30)


@require_safe
@role_required(Role.VIEWER)
def licences(request: AccountRequest) -> HttpResponse:
    """Concurrent User Licence Pools and Single User Licences, separately."""
    query = LicenceQuery(request.GET)
    everything = licence_list.licences_of(request.account)
    rows = query.matching(licence_list.with_keys_and_devices(request.account, everything))
    pools = [row for row in rows if licence_list.is_pool(row)]
    single = [row for row in rows if not licence_list.is_pool(row)]
    context = {
        "query": query,
        "has_licences": bool(everything),
        "statuses": [(name, state_of(name).word) for name in statuses.LICENCE_STATUSES],
        "pools": query.page(pools, "pools-"),
        "single": query.page(single, "single-"),
    }
    return render(request, "portal/licences.html", context)


@require_safe
@role_required(Role.VIEWER)
def licence(request: AccountRequest, licence_id: int) -> HttpResponse:
    """Everything about one licence: features, keys, devices, sessions, denials, history."""
    found = request.account.licences.select_related("product").with_use()
    licence = get_object_or_404(found, pk=licence_id)
    licence_list.add_features([licence])
    recent = licence.denials.filter(last_at__gt=Now() - DENIALS_OF)
    can_manage = may_manage(request)
    context = {
        "licence": licence,
        "row": LicenceRow(licence=licence, in_use=licence.in_use),
        "policy_name": policies.policy_name(licence),
        "policy": policies.policy_in_words(licence),
        "keys": [(key, short_name(key.created_by)) for key in keys_of(licence)],
        "devices": [] if licence.is_concurrent else devices_of(licence),
        "sessions": sessions_of(licence)[:FIRST_SESSIONS],
        "denials": recent.aggregate(total=Count("pk"), people=Count("identity", distinct=True)),
        "latest_denials": [(denial, refusal(denial.code)) for denial in latest(recent)],
        "history": [(entry, sentence(entry)) for entry in history_of(licence)],
        "can_manage": can_manage,
        "whom_to_ask": "" if can_manage else whom_to_ask(request.account),
    }
    return render(request, "portal/licence.html", context)


def keys_of(licence: Licence) -> QuerySet[ProductKey]:
    """The licence's keys, newest first, each with when a program last used it."""
    used = ClientSession.objects.filter(licence=licence, key=OuterRef("pk"))
    last_used = Subquery(used.order_by("-started_at").values("refreshed_at")[:1])
    return licence.keys.annotate(last_used=last_used).order_by("-created_at", "-pk")


def sessions_of(licence: Licence) -> QuerySet[ClientSession]:
    """The licence's active sessions, newest first."""
    active = ClientSession.objects.filter(licence=licence, account=licence.account_id).active()
    return active.with_state().select_related("licence", "key").order_by("-started_at", "pk")


def devices_of(licence: Licence) -> list[tuple[Device, str]]:
    """The bound devices with their state words."""
    states = dict(sessions_of(licence).order_by().values_list("seat__pk", "state"))
    bound = licence.devices.bound().with_last_refresh()
    return [
        (device, statuses.device_status(device, states.get(device.seat_id))) for device in bound
    ]


def latest(denials: QuerySet[Denial]) -> QuerySet[Denial]:
    """The denials that are shown."""
    return denials.order_by("-last_at")[:LATEST_DENIALS]


def history_of(licence: Licence) -> QuerySet[AuditEntry]:
    """What people changed about the licence, its keys and its sessions, latest first."""
    released = licence.sessions.filter(end_reason=EndReason.RELEASED)
    about = Q(object_kind="licence", object_id=str(licence.pk))
    about |= Q(object_kind="product key", object_id__in=ids_of(licence.keys.all()))
    about |= Q(object_kind="client session", object_id__in=ids_of(released))
    return licence.account.audit_entries.filter(about)[:LATEST_ENTRIES]


def ids_of(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows' ids as the audit record writes them."""
    return rows.order_by().values_list(Cast("pk", CharField()))
