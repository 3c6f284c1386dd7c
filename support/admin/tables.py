"""A table as the admin shows it: read and searched, never counted to its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property

from licensing import keys
from portal.lists import search_tokens
from portal.sign_in.standing import person
from support.console.called import looked_for

MOST_COUNTED = 10_000


class BoundedPaginator(Paginator):
    """Pages of the first ``MOST_COUNTED`` rows: a table of millions opens at once.

    ``is_cut_short`` tells that there are more.
    """

    @cached_property
    def count(self) -> int:
        return min(self.counted, MOST_COUNTED)

    @cached_property
    def counted(self) -> int:
        """How many rows there are, as far as it is worth knowing."""
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment] # only ever of a table
        return rows.order_by()[: MOST_COUNTED + 1].count()

    @property
    def is_cut_short(self) -> bool:
        return self.counted > MOST_COUNTED


class UncountedAdmin(admin.ModelAdmin):
    """A table that may be long."""

    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # each would count the whole table
    list_per_page = 50
    list_max_show_all = 200
    ordering = ["-pk"]
    serial_number_lookup = ""
    """Where a serial number leads to rows of this table; empty if nowhere."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list; what of a search is left out is told."""
        for note in search_tokens.parse(request.GET.get(SEARCH_VAR, "")).notes:
            messages.info(request, note)
        return super().changelist_view(request, extra_context)

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        """What a search looks through: names as they are compared."""
        fields = self.search_fields
        return [f"{field}__holds" if field.endswith("name") else field for field in fields]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The rows of a serial number, typed in any way, else those that have every word."""
        search_term = looked_for(search_term)
        serial_number = keys.normalise_serial(search_term)
        if self.serial_number_lookup and serial_number:
            return queryset.filter(**{self.serial_number_lookup: serial_number}), False
        return super().get_search_results(request, queryset, search_term)


class RecordAdmin(UncountedAdmin):
    """A table that only the domain changes."""

    def get_inlines(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self.inlines if obj else ()  # what is new has no rows of its own yet

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class KeptUpAdmin(RecordAdmin):
    """A table that superusers add to and change, by a verb of the domain, and delete nothing of.

    ``fixed`` are the fields that stay as they were made.
    """

    fixed: tuple[str, ...] = ()
    put: Callable[..., object]

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return admin.ModelAdmin.has_change_permission(self, request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fixed if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        type(self).put(obj, by=person(request).as_actor)


class RecordInline(admin.TabularInline):
    """Rows that belong to the one shown, to be read."""

    extra = 0
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
