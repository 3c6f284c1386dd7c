"""Sessions: who holds a seat, and releasing it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest

from licensing import sessions
from licensing.audit import Actor
from licensing.errors import InvalidOperation
from licensing.models import ClientSession
from licensing.models.sessions import SessionState
from support.admin.acts import Act, ActAdmin


def release(session: ClientSession, *, by: Actor, reason: str) -> str:
    """Release the session; return what to tell."""
    if not sessions.release(session, by=by, reason=reason):
        raise InvalidOperation(f"{session} had already given the licence back.")
    return f"Released the licence held by {session}."


class SeatFilter(admin.SimpleListFilter):
    """Those who hold a seat now, unless asked for others: history is long."""

    title = "seat"
    parameter_name = "seat"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("ended", "Given back"), ("all", "All")]

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        default, *others = super().choices(changelist)
        yield {**default, "display": "Held now"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "all":
            return queryset
        return queryset.ended() if self.value() == "ended" else queryset.active()


@admin.register(ClientSession)
class ClientSessionAdmin(ActAdmin):
    """Client sessions, found by what a caller reads out."""

    list_display = [
        "username",
        "machine_name",
        "shown_state",
        "refreshed_at",
        "account",
        "licence",
        "os_session",
        "started_at",
        "version",
    ]
    list_filter = [SeatFilter]
    list_select_related = ["account", "licence"]
    ordering = ["-started_at", "-pk"]
    search_fields = ["username", "machine_name", "account__name"]
    search_help_text = "User, machine, account, serial number or session id"
    serial_number_lookup = "licence__keys__serial_number"
    fields = [
        "id",
        "account",
        "licence",
        "key",
        "username",
        "machine_name",
        "os_session",
        "version",
        "features",
        "shown_state",
        "started_at",
        "refreshed_at",
        "grace_until",
        "reclaim_at",
        "ended_at",
        "end_reason",
    ]
    readonly_fields = ["shown_state"]
    acts = (
        Act(
            name="release",
            label="Release",
            effects="The seat is free at once. They can keep working; the program takes a new "
            "seat if one is free.",
            permission="licensing.change_clientsession",
            run=release,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClientSession]:
        related = ClientSession.objects.select_related("account", "licence__account")
        return related.with_state().order_by(*self.ordering)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """A session id finds its session whatever became of it."""
        try:
            session_id = uuid.UUID(search_term.strip())
        except ValueError:
            return super().get_search_results(request, queryset, search_term)
        return self.get_queryset(request).filter(pk=session_id), False

    @admin.display(description="state")
    def shown_state(self, session: ClientSession) -> str:
        return SessionState(session.state).label  # type: ignore[attr-defined]

    def describe(self, session: ClientSession) -> str:
        numbered = f" (session {session.os_session})" if session.os_session else ""
        state = self.shown_state(session).lower()
        return f"{session}{numbered}: {session.licence} of {session.account}, {state}"
