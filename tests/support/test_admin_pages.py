"""Every page of the admin opens, and says no more than it should."""

from __future__ import annotations

import uuid

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from licensing import audit, planned_seats, rules, sessions
from licensing.errors import PoolExhausted
from licensing.models import FeatureSeat, FromAlm, Hold, LateFact, LicenceFeature
from licensing.usage import roll_up
from licensing.usage.values import HOUR
from portal.alerts import rules as alert_rules
from portal.alerts.rules import Wanted
from portal.desk import requests
from portal.home import snoozes
from portal.licences import notes, tags
from portal.models import (
    AccountPreferences,
    Alert,
    Export,
    KeptForm,
    PersonPreferences,
    RequestKind,
    Role,
    SentForm,
    SignIn,
    SingleSignOn,
)
from portal.people import email_changes, invitations
from portal.sign_in import visits
from portal.upkeep import beating, secret_ages
from portal.webhooks import deliveries
from tests.factories import (
    TESTER,
    AccountFactory,
    MembershipFactory,
    UserFactory,
    days_from_today,
    make_api_token,
    make_client,
    make_pool,
    make_session,
    make_single_user,
    make_template,
    make_webhook,
)
from tests.kept import kept
from tests.licensing.usage.past import beginning, session_then
from tests.pages import an_import

MODELS = [
    *apps.get_app_config("licensing").get_models(),
    *apps.get_app_config("portal").get_models(),
]


@kept
def one_of_each():
    """A row in every table."""
    make_template()
    account = AccountFactory()
    member = MembershipFactory(account=account)
    SignIn.objects.create(user=member.user, browser="Firefox on Windows", network="192.0.2.0/24")
    snoozes.snooze(member, "held")
    email_changes.ask(member.user, "new@example.com")
    AccountPreferences.objects.create(account=account)
    PersonPreferences.objects.create(person=member.user)
    single = SingleSignOn.objects.create(
        account=account, issuer="https://login.example.com", client_id="portal"
    )
    single.links.create(membership=member, subject="1001")
    account.email_domains.create(name="example.com")
    Export.objects.create(account=account, person=member.user, listed="sessions", format="csv")
    requests.make(account, RequestKind.HELP, "Please call.", by=UserFactory())
    invitations.invite(account, "tom@example.com", Role.VIEWER, by=TESTER)
    make_api_token(account)
    deliveries.send_test(make_webhook(account), by=TESTER)
    rule = alert_rules.add(account, Wanted(event="pool_full", roles=["owner"]), by=TESTER)
    alert = Alert.objects.create(account=account, event="pool_full", key="1")
    alert.notices.create(rule=rule, user=member.user, due_at=Now())
    secret_ages.note()
    beating.take_turn("a")
    SentForm.objects.create(fingerprint="f" * 64, address="/people/")
    KeptForm.objects.create(
        browser="f" * 64, person=member.user_id, account=0, address="/people/", is_partial=False
    )
    account.saved_views.create(person=member.user, listed="sessions", name="Held")
    report = account.reports.create(person=member.user, kind="summary", next_on="2026-12-07")
    report.places.create(person=member.user)
    account.secret_addresses.create(person=member.user, digest=b"d")
    key = make_pool(1, account=account, features=["bim"])
    session = make_session(key)
    included = LicenceFeature.objects.get(licence=key.licence)
    FeatureSeat.objects.create(licence_feature=included, session=session)
    an_import(account).rows.create(number=2, name="London")
    FromAlm.objects.create(licence=key.licence, server="lon-alm", seats=1)
    with pytest.raises(PoolExhausted):
        sessions.check_out(key, make_client())
    make_session(make_single_user(account=account))
    sessions.close_of(key.licence, uuid.uuid4())
    Hold.objects.create(licence=key.licence, session=session.pk, held_since=Now(), held_until=Now())
    session_then(key, beginning(), beginning() + HOUR)
    roll_up.roll_up(key.licence)
    LateFact.objects.create(licence=key.licence, since=Now())
    rules.add(account, rules.NewRule(username="jsmith"), by=TESTER)
    planned_seats.plan(key.licence, 2, on=days_from_today(9), by=TESTER)
    notes.write(key.licence, contact_name="Ann", contact_email="", text="Rack 4", by=TESTER)
    tags.change([key.licence], add=["London"], by=TESTER)
    seen = audit.record(account, visits.BEGAN, by=TESTER, reason="They see no sessions.")
    account.visits.create(person=member.user, entry=seen, ends_at=timezone.now() + visits.LASTS)


def pages(model) -> str:
    return f"admin:{model._meta.app_label}_{model._meta.model_name}"


def test_every_table_is_there():
    assert [model for model in MODELS if not admin.site.is_registered(model)] == []


@pytest.mark.slow
def test_each_list_opens_and_is_searched(superuser, one_of_each):
    """And each table has a row, without which a list has no columns to fail at."""
    request = superuser.get("/admin/").wsgi_request
    for model in MODELS:
        answer = superuser.get(reverse(f"{pages(model)}_changelist"))

        assert answer.context["cl"].result_count > 0, model
        table = admin.site.get_model_admin(model)
        found, _ = table.get_search_results(request, table.get_queryset(request), "brook 1234")
        assert len(found) < answer.context["cl"].result_count or not table.search_fields, model


@pytest.mark.slow
def test_each_row_opens(superuser, one_of_each):
    for model in MODELS:
        row = model.objects.first()

        answer = superuser.get(reverse(f"{pages(model)}_change", args=[row.pk]))

        assert answer.status_code == 200, model


def test_nothing_is_deleted_here_and_only_catalogue_and_staff_are_added(superuser):
    """As each table says; that the pages ask it is seen in test_permissions.py."""
    request = superuser.get("/admin/").wsgi_request
    tables = {model.__name__: admin.site.get_model_admin(model) for model in MODELS}

    deleted = [name for name, table in tables.items() if table.has_delete_permission(request)]
    added = {name for name, table in tables.items() if table.has_add_permission(request)}

    assert deleted == []
    assert added == {"Product", "Feature", "User"}


def test_a_product_key_is_masked(superuser, pool):
    answer = superuser.get(reverse("admin:licensing_productkey_change", args=[pool.pk]))

    page = answer.text
    assert f"••••{pool.last_four}" in page
    for secret in (pool.plain, bytes(pool.encrypted).decode(), bytes(pool.digest).hex()):
        assert secret not in page


def test_an_invitations_code_is_not_shown(superuser, one_of_each):
    invitation = invitations.Invitation.objects.get()

    answer = superuser.get(reverse("admin:portal_invitation_change", args=[invitation.pk]))

    assert invitation.code not in answer.text


def test_a_record_leads_to_its_audit_entries(superuser, pool):
    record = superuser.get(reverse("admin:licensing_productkey_change", args=[pool.pk]))

    entries = superuser.get(record.context["entries_url"])

    assert [entry.action for entry in entries.context["cl"].result_list] == ["key_issued"]


@pytest.mark.parametrize("address", ["/admin/", "/admin/licensing/clientsession/"])
def test_pages_carry_no_inline_script_or_style(superuser, pool, address):
    make_session(pool)

    answer = superuser.get(address)

    page = answer.text
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert " style=" not in page
    assert "<style" not in page
    assert "<script>" not in page
