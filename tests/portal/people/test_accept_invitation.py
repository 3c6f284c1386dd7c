"""Accepting an invitation."""

from __future__ import annotations

import pytest
from django.utils import timezone

from licensing.audit import Actor
from portal.models import Invitation, Membership, Role, User
from portal.people import invitations
from tests.factories import PASSWORD, MembershipFactory, UserFactory, ago, make_pool
from tests.people import signed_in

ANNA = Actor("person", "1", "Anna Kowalski <anna@example.com>")


@pytest.fixture
def invitation(account):
    """An invitation to be a manager of the account."""
    return invitations.invite(account, "new@example.com", Role.MANAGER, by=ANNA)


@pytest.fixture
def address(invitation):
    """The page of the invitation."""
    return f"/invitations/{invitation.code}/"


def role_of(user, account):
    """The person's role in the account, or None."""
    return (
        Membership.objects.filter(user=user, account=account).values_list("role", flat=True).first()
    )


def test_says_who_invites_to_what(client, address):
    text = client.get(address).text

    assert "Anna Kowalski invites you to Brook &amp; Co" in text
    assert "Manager" in text
    assert "You&#x27;ll be able to release sessions" in text.replace("You'll", "You&#x27;ll")


def test_a_newcomer_sets_a_password_and_is_signed_in(client, account, address):
    response = client.post(address, {"name": "Nora New", "password": PASSWORD}, follow=True)

    user = User.objects.get(email="new@example.com")
    assert response.redirect_chain == [("/", 302)]
    assert response.context["user"] == user
    assert (user.name, role_of(user, account)) == ("Nora New", "manager")
    assert user.emailaddress_set.filter(email=user.email, verified=True, primary=True).exists()
    assert user.sign_ins.count() == 1
    assert client.login(email="new@example.com", password=PASSWORD)


@pytest.mark.parametrize(
    ("password", "complaint"),
    [("short", "at least 12"), ("new@example.com", "too similar"), ("password1234", "too common")],
)
def test_refuses_a_weak_password(client, address, password, complaint):
    response = client.post(address, {"name": "Nora New", "password": password})

    assert response.status_code == 422
    assert complaint in response.text
    assert "Nora New" in response.text
    assert not User.objects.filter(email="new@example.com").exists()


def test_somebody_who_signs_in_already_does_so_first(client, address):
    UserFactory(email="new@example.com")

    text = client.get(address).text
    client.post(address, {"name": "Eve", "password": "a password of Eve's"})

    assert f"/accounts/login/?next={address}" in text
    assert not Membership.objects.exists()


def test_joins_another_account_with_the_same_sign_in(account, address):
    user = UserFactory(email="new@example.com", name="Already Here")
    MembershipFactory(user=user, account__name="Aardvark")
    browser = signed_in(user)

    response = browser.post(address, follow=True)

    assert response.context["request"].account == account
    assert role_of(user, account) == "manager"


def test_is_not_for_whoever_else_is_signed_in(stranger, address):
    response = stranger.get(address)
    stranger.post(address, {"name": "Eve", "password": PASSWORD})

    assert "This invitation is for new@example.com" in response.text.replace("<wbr>", "")
    assert not User.objects.filter(email="new@example.com").exists()


def test_is_good_once(client, address):
    client.post(address, {"name": "Nora New", "password": PASSWORD})
    client.logout()

    response = client.post(address, {"name": "Eve", "password": "a password of Eve's"})

    assert "Already used" in response.text
    assert User.objects.get(email="new@example.com").name == "Nora New"


@pytest.mark.parametrize("change", [{"ends_at": ago(minutes=1)}, {"cancelled_at": ago(days=1)}])
def test_one_that_has_ended_says_so(client, invitation, address, change):
    Invitation.objects.filter(pk=invitation.pk).update(**change)

    response = client.post(address, {"name": "Nora New", "password": PASSWORD})

    assert "This invitation ended on" in response.text
    assert response.context["ended_at"] <= timezone.now()
    assert not User.objects.filter(email="new@example.com").exists()


def test_an_unknown_code_is_not_found(client, db):
    assert client.get("/invitations/nonsense/").status_code == 404


def test_a_new_member_sees_the_account_and_no_other(client, account, address):
    make_pool(account=account, name="Ours")
    make_pool(name="Theirs")
    client.post(address, {"name": "Nora New", "password": PASSWORD})

    text = client.get("/licences/").text

    assert "Ours" in text
    assert "Theirs" not in text


def test_one_that_has_ended_is_asked_for_anew_once(
    client, account, invitation, address, mailoutbox
):
    MembershipFactory(account=account, user__email="priya@example.com")
    MembershipFactory(account=account, role=Role.MANAGER)
    MembershipFactory(account=account, user__is_active=False)
    Invitation.objects.filter(pk=invitation.pk).update(ends_at=ago(minutes=1))

    client.post(f"{address}ask/")
    client.post(f"{address}ask/")

    _invitation, sent = mailoutbox
    assert sent.to == ["priya@example.com"]
    assert sent.subject == f"new@example.com asks for a new invitation to {account}"
    assert "You asked for a new one." in client.get(address).text


def test_an_open_or_used_one_is_not_asked_for(client, invitation, address):
    client.post(f"{address}ask/")
    client.post(address, {"name": "Nora New", "password": PASSWORD})
    Invitation.objects.update(ends_at=ago(minutes=1))
    client.post(f"{address}ask/")

    invitation.refresh_from_db()
    assert invitation.asked_again_at is None


def test_the_mail_tells_times_in_the_readers_zone(account, mailoutbox):
    UserFactory(email="there@example.com", time_zone="Asia/Tokyo")

    invitations.invite(account, "there@example.com", Role.VIEWER, by=ANNA)
    invitations.invite(account, "newcomer@example.com", Role.VIEWER, by=ANNA)

    zones = [("JST" in sent.body, "GMT" in sent.body) for sent in mailoutbox]
    assert zones == [(True, False), (False, True)]
