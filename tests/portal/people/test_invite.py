"""Inviting somebody to an account, and joining it."""

from __future__ import annotations

import re

import pytest

from licensing.audit import Actor
from licensing.errors import AlreadyDone, InvalidOperation
from licensing.models import AuditEntry
from portal.models import Invitation, Membership, Role, User
from portal.people import invitations
from tests.factories import PASSWORD, TESTER, AccountFactory, MembershipFactory, UserFactory, ago

PRIYA = Actor("person", "7", "Priya Shah <priya@example.com>")


@pytest.fixture
def account(db):
    return AccountFactory(name="Brook & Co")


@pytest.fixture
def invitation(account):
    return invitations.invite(account, "tom@example.com", Role.MANAGER, by=PRIYA)


def test_is_good_for_seven_days(invitation):
    offered = Invitation.objects.open().get()

    assert (offered.email, offered.role, offered.invited_by) == (
        "tom@example.com",
        "manager",
        "Priya Shah",
    )
    assert round((offered.ends_at - offered.created_at).total_seconds()) == 7 * 24 * 3600


def test_the_mail_has_the_address(account, mailoutbox):
    invitation = invitations.invite(account, " Tom@Example.com ", Role.VIEWER, by=PRIYA)

    (sent,) = mailoutbox
    assert sent.to == ["tom@example.com"]
    assert sent.subject == "Priya Shah invites you to Brook & Co's licences"
    assert f"http://testserver/invitations/{invitation.code}/" in sent.body.splitlines()
    assert [kind for _, kind in sent.alternatives] == ["text/html"]


def test_an_operator_invites_for_the_vendor(account, settings):
    invitation = invitations.invite(account, "tom@example.com", Role.OWNER, by=TESTER)

    assert invitation.invited_by == settings.VENDOR_NAME


def test_a_new_invitation_ends_the_one_before(account, invitation):
    newer = invitations.invite(account, "TOM@example.com", Role.OWNER, by=PRIYA)

    assert Invitation.objects.open().get() == newer
    with pytest.raises(AlreadyDone, match="has been used or has ended"):
        invitations.accept(invitation, "Tom Reed", PASSWORD)


def test_members_are_not_invited_again(account):
    MembershipFactory(account=account, user__email="Tom@Example.com", role=Role.VIEWER)

    with pytest.raises(InvalidOperation, match="is in Brook & Co already, as Viewer"):
        invitations.invite(account, "TOM@example.com", Role.OWNER, by=PRIYA)


def test_the_vendors_staff_are_not_invited(account):
    UserFactory(email="Anna@Vendor.example", is_staff=True)

    with pytest.raises(InvalidOperation, match="is of our staff"):
        invitations.invite(account, "anna@vendor.example", Role.OWNER, by=PRIYA)


@pytest.mark.parametrize(
    "email",
    [
        "",
        "tom",
        "tom@",
        "tom@example.com\nBcc: x@example.com",
        f"{'a' * 60}@{'b.' * 99}example.com",
    ],
)
def test_refuses_what_is_no_address(account, email):
    with pytest.raises(invitations.NoAddress, match="is not an e-mail address"):
        invitations.invite(account, email, Role.VIEWER, by=PRIYA)


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("a@x.example b@x.example,c@x.example\nd@x.example", "abcd"),
        ("Tom Reed <a@x.example>;", "a"),
        ("Reed, Tom <a@x.example>; Ärger, Anna <b@x.example>", "ab"),
        ('"Reed; Tom" <a@x.example>, b@x.example\r\n<c@x.example>', "abc"),
        ("a@x.example Tom Reed <b@x.example> c@x.example <c@x.example>", "abc"),
    ],
)
def test_understands_addresses_as_mail_programs_copy_them(text, addresses):
    assert invitations.addresses_in(text) == [f"{letter}@x.example" for letter in addresses]


@pytest.mark.parametrize("text", ["nonsense", "Tom Reed <a@x.example>, nonsense"])
def test_what_is_no_address_is_not_left_out(text):
    assert "nonsense" in invitations.addresses_in(text)


def test_a_newcomer_joins_with_a_password(invitation):
    user = invitations.accept(invitation, "Tom Reed", PASSWORD)

    member = Membership.objects.get()
    assert (user.name, user.email, user.is_staff) == ("Tom Reed", "tom@example.com", False)
    assert user.check_password(PASSWORD)
    assert (member.user, member.role, member.invited_by) == (user, "manager", "Priya Shah")


def test_somebody_known_keeps_name_and_password(invitation):
    known = UserFactory(email="tom@example.com", name="Tom Reed")

    user = invitations.accept(invitation, "Somebody Else", "another password")

    user.refresh_from_db()
    assert (user, user.name, user.check_password(PASSWORD)) == (known, "Tom Reed", True)
    assert Membership.objects.get().user == known


def test_is_good_once(invitation):
    invitations.accept(invitation, "Tom Reed", PASSWORD)

    with pytest.raises(AlreadyDone, match="has been used or has ended"):
        invitations.accept(invitation, "Tom Reed", PASSWORD)


def test_is_not_good_when_it_has_ended(invitation):
    Invitation.objects.update(ends_at=ago(seconds=1))

    with pytest.raises(AlreadyDone, match="has been used or has ended"):
        invitations.accept(invitation, "Tom Reed", PASSWORD)
    assert not User.objects.exists()


def test_both_are_recorded_without_the_code(invitation):
    user = invitations.accept(invitation, "Tom Reed", PASSWORD)

    entries = AuditEntry.objects.order_by("number")
    told = [(entry.actor_name, entry.action, entry.object_name) for entry in entries]
    assert told == [
        ("Priya Shah <priya@example.com>", "person_invited", "tom@example.com to Brook & Co"),
        (
            "Tom Reed <tom@example.com>",
            "person_joined",
            f"{user}, Manager of Brook & Co",
        ),
    ]
    assert invitation.code not in "".join(str(entry.__dict__) for entry in entries)


def test_the_code_cannot_be_guessed(invitation):
    assert re.fullmatch(r"[\w-]{43}", invitation.code)
