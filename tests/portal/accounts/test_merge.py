"""One account is merged into another: all of it moves, programs notice nothing, a shell stays."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps
from django.db.models.functions import Now

from licensing import audit, errors, history, invariants, licences, rules, sessions
from licensing.models import (
    Account,
    ClientSession,
    Denial,
    Device,
    Licence,
    PlannedSeats,
)
from licensing.planned_seats import plan
from licensing.rules import NewRule
from licensing.tasks import follow_merged_licences
from licensing.usage import roll_up
from portal.accounts import merging
from portal.accounts.fates import ENDS, MOVES, OF_EACH
from portal.alerts import rules as alert_rules
from portal.desk import requests
from portal.licences import notes, tags
from portal.models import (
    Alert,
    Every,
    FileFormat,
    Invitation,
    LicenceTag,
    Report,
    ReportKind,
    RequestKind,
    Role,
    SavedView,
    SecretAddress,
    SingleSignOn,
    Snooze,
    VerifiedDomain,
)
from portal.people import invitations
from portal.reports import orders
from portal.sign_in import secret_addresses
from tests.factories import (
    TESTER,
    MembershipFactory,
    UserFactory,
    days_from_today,
    make_api_token,
    make_client,
    make_pool,
    make_session,
    make_single_user,
    make_webhook,
    move_back,
)
from tests.people import signed_in

pytestmark = pytest.mark.django_db

JOAN = audit.Actor("support", "7", "Joan Marsh <joan@vendor.example>")
WHY = "Customer asked."


def merge(old, new):
    return merging.merge(old, new, by=JOAN, reason=WHY)


def refused(key, client):
    with pytest.raises(errors.LicensingError):
        sessions.check_out(key, client)


def test_programs_notice_nothing(old, new):
    key = make_pool(2, account=old, features=["4d:1"])
    grant, _ = sessions.check_out_with_key(
        key.serial_number, key.plain, make_client(features=("4d",))
    )
    sessions.refresh(grant.session_id)

    merge(old, new)

    after = sessions.refresh(grant.session_id)
    assert (after.serial_number, after.features) == (grant.serial_number, grant.features)
    again, created = sessions.check_out_with_key(key.serial_number, key.plain, make_client())
    assert created
    with pytest.raises(errors.PoolExhausted):
        sessions.check_out_with_key(key.serial_number, key.plain, make_client())
    sessions.close(grant.session_id)
    sessions.close(again.session_id)
    assert set(ClientSession.objects.values_list("account", flat=True)) == {new.pk}
    assert set(Denial.objects.values_list("account", flat=True)) == {new.pk}
    assert invariants.broken() == []


def with_everything(other):
    """Something in each table that moves or ends."""
    account = other.account
    key = make_pool(1, account=account, name="Planners", features=["bim"])
    make_session(key)
    refused(key, make_client())
    rules.add(account, NewRule(username="jsmith"), by=TESTER)
    rules.add(account, NewRule(licence=key.licence, machine_name="X-1"), by=TESTER)
    make_session(make_single_user(account=account))
    plan(key.licence, 12, on=days_from_today(9), by=TESTER)
    tags.change([key.licence], add=["London"], by=TESTER)
    notes.write(key.licence, contact_name="Tom", contact_email="", text="Ask", by=TESTER)
    requests.make(account, RequestKind.HELP, "Please call.", by=other.user)
    invitations.invite(account, "new@example.com", Role.VIEWER, by=TESTER)
    SavedView.objects.create(account=account, person=other.user, listed="sessions", name="Away")
    wanted = orders.Wanted(ReportKind.POSITION, Every.WEEK, FileFormat.CSV, [other.user])
    orders.order(other, wanted)
    alert_rules.add(
        account,
        alert_rules.Wanted(event="pool_full", licence=key.licence, roles=["owner"]),
        by=TESTER,
    )
    Alert.objects.create(account=account, event="pool_full", key="1:100", licence=key.licence)
    Snooze.objects.create(account=account, person=other.user, name="full:1", until=Now())
    secret_addresses.make(other, SecretAddress.Kind.CALENDAR)
    make_api_token(account)
    make_webhook(account)
    SingleSignOn.objects.create(
        account=account, issuer="https://id.example", client_id="us", encrypted_secret=b"x"
    )
    VerifiedDomain.objects.create(account=account, name="hill.example", verified_at=Now())
    return key


OF_HISTORY = ("licensing.ClientSession", "licensing.Denial")


def rows_of(label, account):
    model = apps.get_model(label)
    manager = model.every if label in OF_HISTORY else model._default_manager
    return manager.filter(account=account)


def test_each_table_goes_where_the_list_says(other, old, new):
    with_everything(other)
    moving = {label for label, fate in OF_EACH.items() if fate is MOVES}
    before = {label: rows_of(label, old).count() for label in moving}

    merge(old, new)

    assert min(before.values()) > 0, before
    left = {label: rows_of(label, old).count() for label in moving}
    left.pop("licensing.AccessRule")  # one about all of them stays as a record
    assert set(left.values()) == {0}, left
    for label in before:
        assert rows_of(label, new).count() >= before[label], label
    assert PlannedSeats.objects.open().get().account == new
    for label in (label for label, fate in OF_EACH.items() if fate is ENDS):
        working = rows_of(label, old)
        for name in ("working", "kept"):
            working = getattr(working, name, lambda found=working: found)()
        assert not working.exists(), label
    assert invariants.broken() == []


def test_the_shell_is_closed_and_both_records_are_whole(old, new, mailoutbox):
    make_pool(account=old)
    before = old.audit_entries.count()

    merge(old, new)

    old.refresh_from_db()
    assert (old.merged_into, old.is_closing) == (new, False)
    assert old.closed_at
    said = [
        audit_of.audit_entries.get(action=action)
        for audit_of, action in ((old, "account_merged_into"), (new, "account_merged_from"))
    ]
    assert [(one.actor_name, one.reason) for one in said] == [(JOAN.name, WHY)] * 2
    assert [one.details["licences"] for one in said] == [1, 1]
    assert old.audit_entries.count() > before
    assert [audit.verify(one)[1] for one in (old, new)] == [[], []]
    assert [mail.subject for mail in mailoutbox] == ["Hill & Dale is a part of Brook & Co now"] * 2


def test_who_is_in_both_keeps_the_higher_role_and_others_join(owner, other, old, new):
    both = UserFactory(name="Tom Reed")
    MembershipFactory(account=new, user=both, role=Role.VIEWER)
    MembershipFactory(account=old, user=both, role=Role.MANAGER)
    MembershipFactory(account=old, user=owner.user, role=Role.VIEWER)
    browser = signed_in(other.user)

    moved = merge(old, new)

    assert (moved.people, moved.in_both) == (1, 2)
    roles = dict(new.memberships.values_list("user__name", "role"))
    assert roles == {"Tom Reed": "manager", owner.user.name: "owner", other.user.name: "owner"}
    assert browser.get("/").wsgi_request.account == new
    assert browser.post(f"/accounts/switch/{old.pk}/").status_code == 404


def test_names_that_occur_twice_are_told_apart(owner, old, new):
    for account in (old, new):
        make_pool(account=account, name="Planners")
        SavedView.objects.create(
            account=account, person=owner.user, listed="sessions", name="Away", query="q=1"
        )
    make_pool(account=new, name="planners (hill & dale)")

    merge(old, new)

    names = set(Licence.objects.values_list("name", flat=True))
    assert names == {"Planners", "planners (hill & dale)", "Planners (Hill & Dale 2)"}
    assert set(SavedView.objects.values_list("name", flat=True)) == {"Away", "Away (Hill & Dale)"}


def test_what_is_there_already_is_not_there_twice(owner, old, new):
    both = MembershipFactory(account=old, user=owner.user)
    wanted = orders.Wanted(ReportKind.POSITION, Every.WEEK, FileFormat.CSV, [owner.user])
    for member in (owner, both):
        orders.order(member, wanted)
        secret_addresses.make(member, SecretAddress.Kind.CALENDAR)
        invitations.invite(member.account, "new@example.com", Role.VIEWER, by=TESTER)
    invitations.invite(old, "late@example.com", Role.VIEWER, by=TESTER)

    merge(old, new)

    assert Report.objects.get().account == new
    assert SecretAddress.objects.get().account == new
    invited = Invitation.objects.pending().values_list("account", "email")
    assert set(invited) == {(new.pk, "new@example.com"), (new.pk, "late@example.com")}


def test_history_and_hours_of_use_follow_their_licences(old, new):
    key = make_pool(1, account=old)
    session = make_session(key)
    refused(key, make_client())
    sessions.close(session.pk)
    move_back(session, dt.timedelta(days=60))
    Denial.objects.update(first_at=Now() - dt.timedelta(days=60), last_at=session.ended_at)
    history.move()
    roll_up.roll_up(key.licence)
    assert not ClientSession.objects.exists()

    merge(old, new)

    assert ClientSession.every.get().account == new
    assert Denial.every.get().account == new


def test_a_refusal_written_down_at_that_moment_follows_later(old, new):
    key = make_pool(1, account=old)
    make_session(key)
    refused(key, make_client())
    merge(old, new)
    Denial.objects.update(account=old)

    follow_merged_licences()

    assert Denial.objects.get().account == new


def test_a_suspended_licence_moves_as_it_is_and_devices_stay_bound(old, new):
    key = make_single_user(account=old)
    make_session(key, make_client(machine_name="CAD-1"))
    licences.set_state(key.licence, "suspended", by=TESTER)

    merge(old, new)

    licence = Licence.objects.get()
    assert (licence.account, licence.state) == (new, "suspended")
    assert Device.objects.bound().get().account == new


def test_one_that_has_taken_another_in_is_merged_itself(old, new):
    third = MembershipFactory(account__name="Third").account
    make_pool(account=third)
    merge(third, old)

    merge(old, new)

    assert Licence.objects.get().account == new
    assert Account.objects.get(pk=third.pk).merged_into == old


def test_an_order_for_the_old_account_is_led_on(old, new):
    merge(old, new)

    with pytest.raises(errors.InvalidOperation, match="Hill & Dale was merged into Brook & Co"):
        make_pool(account=old)


def test_what_a_person_does_there_at_that_moment_is_not_done(other, old, new):
    licence = make_pool(account=old).licence
    merge(old, new)

    with pytest.raises(errors.InvalidOperation, match="Hill & Dale was merged into"):
        tags.change([licence], add=["London"], by=other.user.as_actor)

    assert not LicenceTag.objects.exists()
