"""Sessions: who holds a seat, and releasing it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from licensing.models import ClientSession
from licensing.models.sessions import SessionState
from support.admin.act_pages import ActAdmin
from support.admin.states import coloured
from support.console.called import looked_for
from support.console.session_search import as_id, named
from support.words import moment


class SeatFilter(admin.SimpleListFilter):
    """Those who hold a seat now, unless asked for others: history is long."""

    title = "seat"
    parameter_name = "seat"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("ended", "Given back"), ("all", "All")]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        default, *others = super().choices(changelist)
        yield {**default, "display": "Held now"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in ("ended", "all"):
            return queryset.active()
        if not is_narrowed(request):
            return queryset.none()
        return queryset.ended() if self.value() == "ended" else queryset


def is_narrowed(request: HttpRequest) -> bool:
    """Whether the list was asked for somebody or something: nobody reads all of history."""
    return bool(request.GET.get("q", "").strip() or request.GET.get("licence__id__exact"))


def is_history(request: HttpRequest) -> bool:
    """Whether ended sessions were asked for, too."""
    return seat_of(request) in ("ended", "all")


def seat_of(request: HttpRequest) -> str:
    """What the filter of seats is set to."""
    return request.GET.get(SeatFilter.parameter_name, "")


@admin.register(ClientSession)
class ClientSessionAdmin(ActAdmin):
    """Client sessions, found by what a caller reads out."""

    list_display = ["serial_number", "account", "username", "machine_name", "shown_state",
                    "licence", "started", "refreshed", "version"]  # fmt: skip
    list_filter = [SeatFilter]
    ordering = ["-started_at", "-pk"]
    search_fields = ["username", "machine_name", "account__name"]
    search_help_text = (
        "User or their address, machine, account, licence, serial number or session id. Among "
        "those given back: how the user (with the domain) or machine begins, or a part of it and "
        "the account"
    )
    fields = [
        "id",
        "account",
        "licence",
        "key",
        "username",
        "machine_name",
        "os_session",
        "device_id",
        "version",
        "features",
        "shown_state",
        "started_at",
        "held_since",
        "refreshed_at",
        "grace_until",
        "reclaim_at",
        "ended_at",
        "end_reason",
    ]
    readonly_fields = ["shown_state"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return self.table.rows()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The sessions of what was typed; a session id finds its own whatever became of it."""
        search_term = looked_for(search_term)
        if not search_term:
            return queryset, False
        if session_id := as_id(search_term):
            return self.get_queryset(request).filter(pk=session_id), False
        seat = seat_of(request)
        wanted = named(search_term, is_open=seat != "ended", ended=is_history(request))
        return queryset.filter(wanted), False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list; who opens all of history is told to say whose."""
        if is_history(request) and not is_narrowed(request):
            messages.info(
                request,
                "Search for a user, machine, account or serial number: sessions that were given "
                "back are too many to list.",
            )
        return super().changelist_view(request, extra_context)

    @admin.display(description="serial number")
    def serial_number(self, session: ClientSession) -> str:
        return session.key.serial_number

    @admin.display(description="state")
    def shown_state(self, session: ClientSession) -> SafeString:
        state = SessionState(session.state)  # type: ignore[attr-defined]
        return coloured(state, state.label)

    @admin.display(description="started", ordering="started_at")
    def started(self, session: ClientSession) -> str:
        return moment(session.started_at, session.account)

    @admin.display(description="refreshed", ordering="refreshed_at")
    def refreshed(self, session: ClientSession) -> str:
        return moment(session.refreshed_at, session.account)
