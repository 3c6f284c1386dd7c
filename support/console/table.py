"""What the console knows of the records of one model: what they are called, what may be done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404
from django.urls import reverse

from portal.models import User
from support.acts.records import Kind, RecordAct
from support.console.called import Called

MOST_AT_ONCE = 50

CHOSEN = "begin"
"""By which the page of an act is asked to begin its form with a choice."""

Rows = Callable[[], QuerySet[Any]]
NAMELESS = Called()
"""What nobody reads out."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """The records of one model.

    ``rows`` fetches them with what pages say of them; ``called`` is what they are called by;
    ``now`` says how one stands; ``title`` is what they are called at the desk, if not as in the
    database.
    """

    model: type[Model]
    kind: Kind
    rows: Rows
    called: Called = NAMELESS
    now: Callable[[Any], str] = str
    icon: str = "list"
    title: str = ""
    tab: str = ""
    """Where an account's page has them."""
    listed_at: str = "support:find"
    """The page that leads to them, and to what makes one."""

    @property
    def name(self) -> str:
        return str(self.model._meta.model_name)

    @property
    def label(self) -> str:
        return self.title or str(self.model._meta.verbose_name_plural).capitalize()

    def permission(self, act: RecordAct) -> str:
        """The right that an act needs, as ``support.permissions`` names it."""
        return f"support.{self.name}_{act.name.replace('-', '_')}"

    def may(self, user: User | AnonymousUser, act: RecordAct) -> bool:
        """Whether this person may do the act."""
        return user.has_perm(self.permission(act))

    def may_see(self, user: User | AnonymousUser) -> bool:
        """Whether this person sees the records."""
        return may_see(user, self.model)

    def acts_of(self, user: User | AnonymousUser) -> list[RecordAct]:
        """The acts that this person may do."""
        return [act for act in self.kind.acts if self.may(user, act)]

    def act_named(self, name: str) -> RecordAct:
        """The act of this name; 404 if there is none."""
        for act in self.kind.acts:
            if act.name == name:
                return act
        raise Http404

    def address(self, act: RecordAct, ids: Iterable[Any] = (), **more: str) -> str:
        """The page of an act for these records."""
        query = urlencode([*(("id", one) for one in ids), *more.items()])
        page = reverse(f"support:{self.name}_{act.name}")
        return f"{page}?{query}" if query else page

    def begin(self, act: RecordAct, record: Any, chosen: str) -> str:
        """The same for one of them, where the form begins with a choice."""
        return self.address(act, [record.pk], **{CHOSEN: chosen})

    def records_with(self, ids: set[str]) -> list[Any]:
        """The records of these ids; 404 unless there are such, and all of them exist."""
        try:
            records = list(self.rows().filter(pk__in=ids)[:MOST_AT_ONCE])
        except (ValueError, ValidationError):
            raise Http404 from None
        if not records or len(records) != len(ids):
            raise Http404
        return records


def may_see(user: User | AnonymousUser, model: type[Model]) -> bool:
    """Whether this person sees the records of a model."""
    return user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")
