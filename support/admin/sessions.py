"""Sessions: who holds a seat, and releasing it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from licensing import keys, usernames
from licensing.identity import as_compared
from licensing.known_names import like_one_of
from licensing.models import ClientSession, Licence
from licensing.models.sessions import SessionState
from support.acts import sessions as session_acts
from support.admin.act_pages import ActAdmin
from support.admin.states import coloured
from support.admin.tables import looked_for
from support.words import moment

MOST_LICENCES = 1000
"""How many licences of the accounts that a search names are looked into."""


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
    return request.GET.get(SeatFilter.parameter_name) in ("ended", "all")


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
    kind = session_acts.KIND

    def get_queryset(self, request: HttpRequest) -> Any:
        related = ClientSession.every.select_related("account", "licence__account", "key")
        return related.with_state().order_by(*self.ordering)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The sessions of what was typed; a session id finds its own whatever became of it."""
        search_term = looked_for(search_term)
        if not search_term:
            return queryset, False
        if session_id := as_id(search_term):
            return self.get_queryset(request).filter(pk=session_id), False
        return queryset.filter(named(search_term, in_history=is_history(request))), False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list; who opens all of history is told to say whose."""
        if is_history(request) and not is_narrowed(request):
            messages.info(
                request,
                "Search for a user, machine, account or serial number: sessions that were given "
                "back are too many to list.",
            )
        return super().changelist_view(request, extra_context)

    def in_list(self, request: HttpRequest) -> Any:
        return self.get_queryset(request).active()

    def called(self, request: HttpRequest, words: str) -> QuerySet[Any]:
        """Those who hold a seat now, by user and machine; or by its id any session."""
        if session_id := as_id(words):
            return self.get_queryset(request).filter(pk=session_id)
        return self.in_list(request).filter(all_of(words.split(), "contains"))

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


def as_id(term: str) -> uuid.UUID | None:
    """The session id that was typed, if it is one."""
    try:
        return uuid.UUID(term.strip())
    except ValueError:
        return None


def named(term: str, *, in_history: bool) -> Q:
    """The sessions that a search names: of a serial number's licence, or of a licence by its
    name and its account's, or those that have every word in the user's or the machine's name.

    Each part is a condition on the session's own columns, so that an index serves it. Among
    millions of ended sessions a name is found by how it begins, or by a word of its account
    or licence beside it.
    """
    if serial_number := keys.normalise_serial(term):
        return Q(licence__in=ids(Licence.objects.filter(keys__serial_number=serial_number)))
    words = term.split()
    of_licences = Licence.objects.all()
    for word in words:
        of_licences = of_licences.filter(in_its_names(word))
    wanted = Q(licence__in=ids(of_licences)) | all_of(
        words, "startswith" if in_history else "contains"
    )
    for word in words if words[1:] else []:
        if of_word := ids(Licence.objects.filter(in_its_names(word))):
            others = [other for other in words if other != word]
            wanted |= Q(licence__in=of_word) & all_of(others, "contains")
    return wanted


def in_its_names(word: str) -> Q:
    """That a licence, or its account, has the word in its name."""
    return Q(name__holds=word) | Q(account__name__holds=word)


def all_of(words: list[str], lookup: str) -> Q:
    """That the user's or the machine's name has each of the words, or is another form of it."""
    wanted = Q()
    for word in map(as_compared, words):
        named = Q(**{f"person__{lookup}": word}) | Q(**{f"machine__{lookup}": word})
        wanted &= named | other_forms(word, lookup)
    return wanted


def other_forms(word: str, lookup: str) -> Q:
    """That the user is the one of this whole name, such as an address, however it was written.

    An index knows how names begin, and nothing else.
    """
    forms = usernames.forms(word) if usernames.read(word).domain else []
    known = [form for form in forms if lookup != "startswith" or not form.startswith("%")]
    return like_one_of(F("person"), known) if known else Q(pk__in=[])


def ids(licences: QuerySet[Licence]) -> list[int]:
    """The licences' ids, as far as a search looks into them."""
    return list(licences.order_by("pk").values_list("pk", flat=True).distinct()[:MOST_LICENCES])
