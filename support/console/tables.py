"""The records that calls are about: what each is called by, what may be done to it, its pages."""

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

from licensing.models import (
    AccessRule,
    Account,
    AuditEntry,
    ClientSession,
    Device,
    Licence,
    PlannedSeats,
    ProductKey,
)
from licensing.models.spelling import Alphabetical
from portal.lists.cursors import cursor
from portal.models import CustomerRequest, Invitation, Membership, User, Webhook, WebhookDelivery
from support.acts import (
    accounts,
    closing,
    devices,
    emergency,
    invitations,
    keys,
    licences,
    people,
    requests,
    rules,
    sessions,
    staff,
    webhooks,
)
from support.acts.records import Kind, RecordAct
from support.console.called import Called, Name
from support.console.session_search import CalledSessions

MOST_AT_ONCE = 50

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


def page_of(record: Model) -> str:
    """The console's page of a record."""
    if isinstance(record, Account):
        return reverse("support:account", args=[record.pk])
    if isinstance(record, AuditEntry):
        return entry_of(record)
    return reverse(f"support:{record._meta.model_name}", args=[record.pk])


def entry_of(entry: AuditEntry) -> str:
    """Where the account's page has an entry of its record: first on its page of the tab."""
    query = {"after": cursor([entry.number + 1, 0])}
    fragment = f"entry-{entry.number}"
    return reverse("support:account_audit", args=[entry.account_id], query=query, fragment=fragment)


def tab_of(record: Model) -> str:
    """Where the account's page has the record."""
    account, tab = record.account_id, of(type(record)).tab  # type: ignore[attr-defined]
    if not tab:
        return reverse("support:account", args=[account])
    return reverse(f"support:account_{tab}", args=[account])


def named(name: str) -> Table:
    """The table of this name; 404 if there is none."""
    try:
        return TABLES[name]
    except KeyError:
        raise Http404 from None


def of(model: type[Model]) -> Table:
    """The table of a model."""
    return TABLES[str(model._meta.model_name)]


OF_ACCOUNT = Name("account__name__holds", "account")
ALL = (
    Table(
        model=Account,
        kind=accounts.KIND,
        rows=lambda: Account.objects.order_by(Alphabetical("name")),
        called=Called(
            own=(Name("name__holds", "name"),), serial_number="licences__keys__serial_number"
        ),
        now=closing.now,
        icon="building",
    ),
    Table(
        model=Licence,
        tab="licences",
        kind=licences.KIND,
        rows=lambda: (
            Licence.objects.select_related("account", "product").with_use().order_by("-pk")
        ),
        called=Called(
            own=(Name("name__holds", "name"),),
            also=(OF_ACCOUNT,),
            serial_number="keys__serial_number",
        ),
        now=lambda licence: f"{licence.in_use:,} of {licence.seats:,} in use",
        icon="certificate",
    ),
    Table(
        model=PlannedSeats,
        tab="licences",
        kind=emergency.KIND,
        rows=lambda: PlannedSeats.objects.select_related("licence__account").order_by("-pk"),
        now=emergency.now,
    ),
    Table(
        model=ProductKey,
        tab="keys",
        kind=keys.KIND,
        rows=lambda: ProductKey.objects.select_related("licence", "account").order_by("-pk"),
        called=Called(
            own=(Name("label__holds", "label"), Name("last_four__iexact", "ends in")),
            also=(Name("licence__name__holds", "licence"), OF_ACCOUNT),
            serial_number="serial_number",
        ),
        now=lambda key: key.get_state_display().lower(),
        icon="key",
    ),
    Table(
        model=ClientSession,
        title="Sessions",
        tab="sessions",
        kind=sessions.KIND,
        rows=lambda: (
            ClientSession.every.select_related("account", "licence__account", "key")
            .with_state()
            .order_by("-started_at", "-pk")
        ),
        called=CalledSessions(
            own=(Name("username__holds", "user"), Name("machine_name__holds", "machine"))
        ),
        now=lambda session: "given back" if session.ended_at else "session open now",
        icon="activity",
    ),
    Table(
        model=Device,
        tab="devices",
        kind=devices.KIND,
        rows=lambda: Device.objects.select_related("licence", "account").order_by("-pk"),
        called=Called(
            own=(Name("machine_name__holds", "machine"), Name("username__holds", "user")),
            also=(OF_ACCOUNT,),
            serial_number="licence__keys__serial_number",
            only={"unbound_at": None},
        ),
        now=lambda device: "freed" if device.unbound_at else "bound now",
        icon="device-desktop",
    ),
    Table(
        model=Membership,
        title="People",
        tab="people",
        kind=people.KIND,
        rows=lambda: Membership.objects.select_related("user", "account").order_by("-pk"),
        called=Called(
            own=(Name("user__name__holds", "name"), Name("user__email__icontains", "e-mail")),
            also=(OF_ACCOUNT,),
        ),
        now=lambda member: "" if member.user.is_active else "kept from signing in",
        icon="user",
    ),
    Table(
        model=Invitation,
        tab="people",
        kind=invitations.KIND,
        rows=lambda: Invitation.objects.select_related("account").order_by("-pk"),
        called=Called(
            own=(Name("email__icontains", "e-mail"),),
            also=(OF_ACCOUNT,),
            only={"accepted_at": None, "cancelled_at": None},
        ),
        now=lambda invitation: "not accepted yet",
        icon="mail",
    ),
    Table(
        model=CustomerRequest,
        kind=requests.KIND,
        rows=lambda: CustomerRequest.objects.select_related("account", "licence").order_by("-pk"),
        icon="lifebuoy",
    ),
    Table(
        model=AccessRule,
        kind=rules.KIND,
        rows=lambda: AccessRule.objects.select_related("account", "licence").order_by("-pk"),
        icon="ban",
    ),
    Table(
        model=Webhook,
        kind=webhooks.KIND,
        rows=lambda: Webhook.objects.select_related("account").order_by("-pk"),
        icon="webhook",
    ),
    Table(
        model=WebhookDelivery,
        kind=webhooks.OF_MESSAGES,
        rows=lambda: WebhookDelivery.objects.select_related("webhook__account").order_by("-pk"),
        icon="webhook",
    ),
    Table(
        model=User,
        kind=staff.KIND,
        rows=lambda: User.objects.order_by("-pk"),
        icon="user-circle",
    ),
)
TABLES = {table.name: table for table in ALL}
AT_CALLS = tuple(table for table in ALL if table.called.own)
"""Those whose records callers name, in the order of what is found."""
