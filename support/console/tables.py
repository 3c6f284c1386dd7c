"""The records that calls are about: what each is called by, what may be done to it, its pages."""

from __future__ import annotations

from django.db.models import Model
from django.http import Http404
from django.urls import reverse

from licensing.models import (
    AccessRule,
    Account,
    AuditEntry,
    ClientSession,
    Device,
    Feature,
    Licence,
    LicenceTemplate,
    PlannedSeats,
    Product,
    ProductKey,
)
from licensing.models.spelling import Alphabetical
from portal.lists.cursors import cursor
from portal.models import CustomerRequest, Invitation, Membership, User, Webhook, WebhookDelivery
from support.acts import (
    accounts,
    catalogue,
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
    templates,
    webhooks,
)
from support.console.called import Called, Name
from support.console.key_search import CalledKeys
from support.console.session_search import CalledSessions
from support.console.table import Table


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


CATALOGUE = "support:catalogue"
OF_ACCOUNT = Name("account__name__holds", "account")
ALL = (
    Table(
        model=Account,
        kind=accounts.KIND,
        rows=lambda: Account.objects.select_related("merged_into").order_by(Alphabetical("name")),
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
        called=CalledKeys(
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
        rows=lambda: Webhook.objects.of_customers().select_related("account").order_by("-pk"),
        icon="webhook",
    ),
    Table(
        model=WebhookDelivery,
        kind=webhooks.OF_MESSAGES,
        rows=lambda: (
            WebhookDelivery.objects.filter(webhook__account__isnull=False)
            .select_related("webhook__account")
            .order_by("-pk")
        ),
        icon="webhook",
    ),
    Table(
        model=Product,
        kind=catalogue.PRODUCTS,
        rows=lambda: Product.objects.order_by(Alphabetical("name")),
        listed_at=CATALOGUE,
        icon="stack-2",
    ),
    Table(
        model=Feature,
        kind=catalogue.FEATURES,
        rows=lambda: Feature.objects.select_related("product").order_by(Alphabetical("name")),
        listed_at=CATALOGUE,
        icon="stack-2",
    ),
    Table(
        model=LicenceTemplate,
        kind=templates.KIND,
        rows=lambda: LicenceTemplate.objects.select_related("product"),
        listed_at=CATALOGUE,
        icon="stack-2",
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
