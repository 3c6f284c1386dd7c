"""Who of the staff may do what: each act's button and address, for everybody, by ``who_may``."""

from __future__ import annotations

import functools

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from licensing import alm, alm_moves, emergency_seats, keys, licences, planned_seats, rules
from licensing.licences import Order
from licensing.models import (
    AccessRule,
    Account,
    ClientSession,
    Device,
    Feature,
    Licence,
    LicenceTemplate,
    PlannedSeats,
    Product,
    ProductKey,
)
from licensing.models.licences import UsageModel
from portal.accounts import closing
from portal.desk import requests
from portal.models import (
    CustomerRequest,
    Invitation,
    Membership,
    RequestKind,
    Role,
    User,
    Webhook,
    WebhookDelivery,
)
from portal.people import invitations
from portal.webhooks import deliveries
from support.console import tables
from tests.factories import (
    TESTER,
    AccountFactory,
    MembershipFactory,
    UserFactory,
    days_from_today,
    make_pool,
    make_session,
    make_single_user,
    make_template,
    make_webhook,
)
from tests.kept import kept
from tests.people import signed_in
from tests.support import who_may
from tests.support.vendor import staff
from tests.support.who_may import GROUPS

PEOPLE = (
    *GROUPS,
    "staff without a group",
    "an account holder",
    "nobody",
)
RECORD = {
    "clientsession": lambda: ClientSession.objects.first(),
    "productkey": lambda: ProductKey.objects.get(licence__name="In use"),
    "productkey_end_overlap": lambda: ProductKey.objects.get(state="superseded"),
    "accessrule": lambda: AccessRule.objects.get(),
    "device": lambda: Device.objects.get(),
    "customerrequest": lambda: CustomerRequest.objects.get(kind=RequestKind.HELP),
    "invitation": lambda: Invitation.objects.get(),
    "membership": lambda: Membership.objects.get(user__name="A member"),
    "user": lambda: User.objects.get(name="A member"),
    "user_let_in": lambda: User.objects.get(is_active=False),
    "account": lambda: Account.objects.get(name="Brook & Co"),
    "account_date_alm_end": lambda: Account.objects.get(name="From ALM"),
    "account_take_alm_end_back": lambda: Account.objects.get(name="From ALM"),
    "account_cancel_closing": lambda: Account.objects.get(name="Closing"),
    "customerrequest_grant": lambda: CustomerRequest.objects.get(kind=RequestKind.SEATS),
    "webhook": lambda: Webhook.objects.get(),
    "webhookdelivery": lambda: WebhookDelivery.objects.get(),
    "licence": lambda: Licence.objects.get(name="In use"),
    "plannedseats_cancel": lambda: PlannedSeats.objects.get(added=None),
    "plannedseats_end": lambda: PlannedSeats.objects.get(on=None),
    "licence_emergency": lambda: Licence.objects.get(name="Suspended"),
    "licence_reinstate": lambda: Licence.objects.get(name="Suspended"),
    "licence_reactivate": lambda: Licence.objects.get(name="Leased"),
    "product": lambda: Product.objects.get(code="asta-powerproject"),
    "product_offer": lambda: Product.objects.get(code="old"),
    "feature": lambda: Feature.objects.get(code="business-intelligence"),
    "feature_offer": lambda: Feature.objects.get(code="old"),
    "licencetemplate": lambda: LicenceTemplate.objects.get(code="a-year"),
    "licencetemplate_offer": lambda: LicenceTemplate.objects.get(code="old"),
}
"""A record on which each act makes sense."""


@kept
def records():
    """A record for each act."""
    key = make_pool(name="In use", features=["bim"])
    make_session(key)
    planned_seats.plan(key.licence, 12, on=days_from_today(9), by=TESTER)
    emergency_seats.give(key.licence, 2, hours=9, by=TESTER)
    replaced = make_pool(name="Suspended")
    keys.reissue(replaced, by=TESTER, overlap=keys.LONGEST_OVERLAP)
    suspended = replaced.licence
    licences.set_state(suspended, "suspended", by=TESTER)
    lease = Order(account_name="Brook & Co", seats=1, usage_model=UsageModel.LEASE, name="Leased")
    licences.take_over_lease(lease, by=TESTER)
    make_session(make_single_user())
    rules.add(key.account, rules.NewRule(username="jsmith"), by=TESTER)
    member = MembershipFactory(account=key.account, user__name="A member")
    MembershipFactory(account=key.account)
    Authenticator.objects.create(user=member.user, type=Authenticator.Type.TOTP, data={})
    requests.make(key.account, RequestKind.HELP, "Please call.", by=UserFactory())
    requests.make(
        key.account, RequestKind.SEATS, "Two more.", by=UserFactory(), licence=key.licence, seats=12
    )
    UserFactory(is_active=False)
    closing.ask(AccountFactory(name="Closing"), by=TESTER)
    of_alm = alm.plan("From ALM", b"product,licences\nasta-powerproject,3\n")
    [(moved, _)] = alm.carry_out(of_alm, by=TESTER, reason="")
    alm_moves.date_end(moved.account, on=days_from_today(30), by=TESTER)
    invitations.invite(key.account, "tom@example.com", Role.VIEWER, by=TESTER)
    deliveries.send_test(make_webhook(key.account), by=TESTER)
    WebhookDelivery.objects.update(state="failed", settled_at=Now())
    make_template()
    product = Product.objects.create(code="old", name="Old")
    Feature.objects.create(product=product, code="old", name="Old")
    make_template(name="Old", code="old")
    for model in (Product, Feature, LicenceTemplate):
        model.objects.filter(code="old").update(withdrawn_at=Now())


def client_of(person):
    if person == "nobody":
        return Client()
    if person == "an account holder":
        return signed_in(MembershipFactory(account__name="Hill & Dale").user)
    return signed_in(staff(person if person in GROUPS else None))


def acts():
    """Every act there is, with its table."""
    for table in tables.ALL:
        for act in table.kind.acts:
            yield table, act


def test_every_act_is_in_the_table_and_no_other():
    named = {table.permission(act) for table, act in acts()}

    assert named == {f"support.{codename}" for codename in who_may.ACTS}


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.slow
def test_each_act_is_for_those_who_may(records, person):
    client = client_of(person)
    shown = functools.cache(lambda address: client.get(address).text)

    for table, act in acts():
        codename = table.permission(act).removeprefix("support.")
        row = RECORD.get(codename, RECORD.get(table.name))()
        pages = f"/admin/{table.model._meta.app_label}/{table.name}/"
        address = table.address(act, [] if act.makes else [row.pk])
        may = person in who_may.ACTS[codename]

        for page in buttons(pages, table, act, row):
            assert (address in shown(page)) is may, (codename, page)
        offered = may and not act.makes
        assert (f'value="{act.name}"' in shown(pages)) is offered, (codename, "action")
        assert is_refused(client.get(address)) is not may, codename
        if not may:
            assert is_refused(client.post(address, {"reason": "x"})), codename


def buttons(pages, table, act, row):
    """Where the act is offered: in the console, and by the raw record."""
    if act.makes:
        return reverse(table.listed_at), pages
    return tables.page_of(row), f"{pages}{row.pk}/change/"


def is_refused(answer):
    """Whether somebody may not, finds nothing there, or has to sign in first."""
    return answer.status_code in (403, 404) or "/login/" in answer.headers.get("Location", "")


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_has_exactly_what_it_may_and_sees_everything(db, group):
    rights = {
        f"{right.content_type.app_label}.{right.codename}"
        for right in Group.objects.get(name=group).permissions.select_related("content_type")
    }

    models = [*apps.get_app_config("licensing").get_models(),
              *apps.get_app_config("portal").get_models()]  # fmt: skip
    sees = {f"{model._meta.app_label}.view_{model._meta.model_name}" for model in models}
    may = {f"support.{codename}" for codename, groups in who_may.ALL.items() if group in groups}
    assert rights == sees | may | {"auth.view_group"}


@pytest.mark.slow
def test_an_auditor_reads_every_table_and_changes_none(records):
    client = client_of("Auditor")

    for model in admin.site._registry:
        if model._meta.app_label in ("licensing", "portal"):
            pages = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
            assert client.get(pages).status_code == 200, model
            if row := model._default_manager.first():
                record = client.get(f"{pages}{row.pk}/change/")
                assert record.status_code == 200, model
                assert 'name="_save"' not in record.text, model


def everything():
    """Every row that the admin shows, and who is in which group."""
    rows = {model: list(model._default_manager.order_by("pk").values()) for model in TABLES}
    return rows | {"groups": list(User.groups.through.objects.values_list("user", "group"))}


TABLES = tuple(admin.site._registry)
A_FEW = (User, Licence, Group)
STOCK_PAGES = ("add_view", "changeform_view", "delete_view")


@pytest.mark.census
@pytest.mark.parametrize("person", PEOPLE)
def test_no_table_of_the_admin_is_changed_but_by_acts(records, person):
    """As the admin asks its tables, of which ``add_view`` and the like then ask the same."""
    request = client_of(person).get("/admin/").wsgi_request

    for model, table in admin.site._registry.items():
        rows = (None, model._default_manager.first())
        assert not table.has_add_permission(request), model
        assert not any(table.has_change_permission(request, row) for row in rows), model
        assert not any(table.has_delete_permission(request, row) for row in rows), model
        assert "delete_selected" not in table.get_actions(request), model


def test_every_table_asks_what_is_allowed_where_the_stock_pages_of_the_admin_do():
    own = [
        (model, page)
        for model, table in admin.site._registry.items()
        for page in STOCK_PAGES
        if getattr(type(table), page) is not getattr(admin.ModelAdmin, page)
    ]

    assert [one for one in own if one[0] not in A_FEW] == []


@pytest.mark.slow
@pytest.mark.parametrize("person", PEOPLE)
def test_no_stock_page_of_the_admin_changes_anything(records, person):
    """A few tell enough: whether a page is refused is said by each table, above."""
    client = client_of(person)
    before = everything()

    for model in A_FEW:
        pages = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        row = model._default_manager.first()
        forms = {f"{pages}add/": {"name": "x", "email": "x@example.com", "code": "x"}}
        if row:
            forms[f"{pages}{row.pk}/change/"] = {"name": "x", "is_superuser": "on"}
            forms[f"{pages}{row.pk}/delete/"] = {"post": "yes"}
        if row:
            chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
            listed = client.post(pages, chosen)
            assert listed.status_code in (200, 302, 403), pages
        for address, asked in forms.items():
            answer = client.post(address, asked)
            assert is_refused(answer), (address, answer.status_code)
    assert everything() == before
