"""What a second member of staff approves: asked for, then done once, or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, connection
from django.db.models.functions import Now

from licensing.errors import LicensingError
from licensing.models import AuditEntry
from portal.models import Role, User
from portal.sign_in import two_step
from portal.words.aliases import real_names
from portal.words.sentences import sentence
from support.console import approvals, approvers, tables
from support.models import Approval
from support.permissions import MAY_APPROVE
from tests.factories import MembershipFactory
from tests.people import signed_in
from tests.support.acting import READ, REASON, WORDS, address, confirm, judge, told
from tests.support.vendor import staff


def with_app(**fields):
    """Somebody with an authenticator app."""
    membership = MembershipFactory(**fields)
    Authenticator.objects.create(user=membership.user, type=Authenticator.Type.TOTP, data={})
    return membership


@pytest.fixture
def member(db):
    return with_app(user__name="Tom Reed", role=Role.MANAGER)


@pytest.fixture
def asked(support, member):
    """What Anna Kowalski asked for."""
    return ask(support, member)


def ask(browser, member, **why):
    confirm(browser, browser.get(address("membership", "reset-two-step", member)), **why)
    return Approval.objects.latest("pk")


def actions():
    found = AuditEntry.objects.filter(object_kind="membership").order_by("pk")
    return list(found.values_list("action", flat=True))


def test_nothing_is_done_until_another_approves(support, member, asked):
    assert two_step.has(member.user)
    assert actions() == ["approval_asked"]
    joan = signed_in(staff("Supervisor", name="Joan Marsh"))

    shown = joan.get("/support/approvals/").text
    done = judge(joan, asked)

    for words in ("Approvals (1)", "Reset two-step sign-in: Tom Reed", "Anna Kowalski", REASON):
        assert words in shown
    assert told(done) == ["Tom Reed signs in with the password or a mailed code alone now."]
    assert not two_step.has(member.user)
    assert actions() == ["approval_asked", "approval_given", "two_step_reset"]
    of_reset = AuditEntry.objects.get(action="two_step_reset")
    assert (of_reset.reason, of_reset.staff_words) == (READ, REASON)
    assert AuditEntry.objects.get(action="approval_given").staff_words == WORDS
    given = joan.get("/support/approvals/").text
    assert "Nothing waits for approval." in given
    assert WORDS in given


def test_the_customer_reads_who_asked_and_who_approved(member, asked):
    judge(signed_in(staff("Support", name="Joan Marsh")), asked)

    words = [
        sentence(entry, real_names(member.account))
        for entry in AuditEntry.objects.filter(action__startswith="approval").order_by("pk")
    ]

    act = f"Reset two-step sign-in, {member}."
    assert words == [
        f"Support (Anna Kowalski) asked a colleague to approve: {act}",
        f"Support (Joan Marsh) approved what Anna Kowalski asked for: {act}",
    ]


def test_nobody_judges_what_they_asked_for(support, member, asked):
    page = support.get(f"/support/approvals/{asked.pk}/approve/")
    answer = support.post(page.request["PATH_INFO"], {"reason": WORDS})

    assert "Somebody else has to approve it." in support.get("/support/approvals/").text
    assert "Approvals (" not in page.text
    assert "You asked for it yourself" in page.text
    assert answer.status_code == 422
    assert two_step.has(member.user)
    with pytest.raises(IntegrityError, match="approval_is_never_of_ones_own"):
        Approval.objects.update(state="approved", judge=asked.asker, judged_at=Now())


def test_declined_it_is_not_done_and_may_be_asked_for_again(support, member, asked):
    joan = signed_in(staff("Support"))
    judge(joan, asked, "decline")
    again = judge(joan, asked)

    assert two_step.has(member.user)
    assert actions() == ["approval_asked", "approval_declined"]
    assert "has declined it already" in again.text
    assert ask(support, member).state == "waiting"


def test_it_lapses_after_a_day(support, member, asked):
    Approval.objects.update(asked_at=Now() - approvals.LASTS * 2, lapses_at=Now())
    joan = signed_in(staff("Support"))

    assert "It has lapsed" in judge(joan, asked).text
    assert two_step.has(member.user)
    assert "Lapsed" in joan.get("/support/approvals/").text
    assert ask(support, member).pk != asked.pk
    assert Approval.objects.get(pk=asked.pk).state == "lapsed"


def test_one_who_asks_anew_takes_the_first_back_and_another_is_told(support, member, asked):
    ask(support, member, ticket="4821")
    other = signed_in(staff("Support"))
    page = other.get(address("membership", "reset-two-step", member))

    assert told(confirm(other, page)) == [
        "Anna Kowalski has asked for it already. It waits at Approvals."
    ]
    states = Approval.objects.order_by("pk").values_list("state", "ticket")
    assert list(states) == [("withdrawn", ""), ("waiting", "4821")]


def test_who_asked_withdraws_it_and_nobody_else_does(support, member, asked):
    where = f"/support/approvals/{asked.pk}/withdraw/"
    joan = signed_in(staff("Support"))
    of_joan, refused = joan.get("/support/approvals/").text, told(joan.post(where))
    of_anna, done = support.get("/support/approvals/").text, told(support.post(where))

    assert (where in of_joan, where in of_anna) == (False, True)
    assert refused == ["Anna Kowalski asked for it, not you."]
    assert done == [f"Withdrawn. {asked}."]
    assert told(support.post(where))[-1] == "It waits no more: withdrawn."
    assert "Anna Kowalski has withdrawn it." in judge(joan, asked).text
    assert actions() == ["approval_asked", "approval_withdrawn"]
    assert two_step.has(member.user)


def test_those_who_may_approve_it_are_told_by_mail(support, member, mailoutbox):
    staff("Support", email="here@vendor.example")
    staff("Supervisor", email="joan@vendor.example")
    staff("Support", email="gone@vendor.example", is_active=False)
    staff("Sales", email="ben@vendor.example")
    asked = ask(support, member)

    mails = [mail for mail in mailoutbox if mail.subject.startswith("To approve")]
    assert {mail.to[0] for mail in mails} == {"here@vendor.example", "joan@vendor.example"}
    assert asked.effects[0] in mails[0].body
    assert "/support/approvals/" in mails[0].body


def a_new_app(member):
    Authenticator.objects.all().delete()
    Authenticator.objects.create(user=member.user, type=Authenticator.Type.TOTP, data={})


CHANGES = {
    "what it is about": (a_new_app, "What was foretold holds no more. Tom Reed"),
    "an effect": (lambda member: MembershipFactory(user=member.user), "What was foretold holds"),
    "nothing to do": (lambda member: Authenticator.objects.all().delete(), "Tom Reed has no two"),
    "who asked": (lambda member: User.objects.filter(name="Anna Kowalski").update(is_active=False),
                  "Anna Kowalski may not do this any more."),
    "gone": (lambda member: member.delete(), "is not there any more."),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_since_is_told_and_nothing_is_done(member, asked, change):
    happens, words = CHANGES[change]
    happens(member)
    joan = staff("Support")

    assert words in signed_in(joan).get(f"/support/approvals/{asked.pk}/approve/").text
    with pytest.raises(LicensingError):
        approvals.approve(asked, by=joan.as_actor, words=WORDS)
    assert "two_step_reset" not in actions()
    assert Approval.objects.get().state == "waiting"


def test_who_sees_approves_and_does_not(member, asked):
    groups = ("Support", "Supervisor", "Sales", "Auditor")
    browsers = [signed_in(staff(group)) for group in groups]
    browsers.append(signed_in(MembershipFactory().user))

    pages = [browser.get("/support/approvals/").status_code for browser in browsers]
    acts = [browser.get(f"/support/approvals/{asked.pk}/approve/") for browser in browsers]

    assert pages == [200, 200, 403, 403, 404]
    assert [answer.status_code for answer in acts] == [200, 200, 404, 404, 404]


def test_each_act_that_a_second_one_approves_says_who_may():
    acts = {f"{table.name}_{act.name}".replace("-", "_") for table, act in approvers.all_acts()}

    assert acts == set(MAY_APPROVE)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_at_once_one_does_it():
    words = two_approve_at_once()

    assert sorted(word.endswith("has approved it already.") for word in words) == [False, True]
    assert actions().count("two_step_reset") == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_looking_again_both_approve(monkeypatch):
    monkeypatch.setattr(approvals, "why_not", lambda approval, by: "")
    monkeypatch.setattr(approvals, "require_as_foretold", as_if_nothing_changed)
    words = two_approve_at_once()

    assert not any(word.endswith("has approved it already.") for word in words)


def as_if_nothing_changed(approval):
    table = tables.named(approval.table)
    record = table.rows().get(pk=approval.record)
    return table, table.act_named(approval.act), record, {}


def two_approve_at_once():
    """What two are told who approve one thing at once."""
    member = with_app(user__name="Tom Reed")
    asked = ask(signed_in(staff("Support", name="Anna Kowalski")), member)
    judges = [staff("Support"), staff("Supervisor")]

    def approve(judge):
        with own_connection():
            try:
                return approvals.approve(asked, by=judge.as_actor, words=WORDS)
            except LicensingError as refusal:
                return str(refusal)

    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(approve, judges))


@contextmanager
def own_connection():
    try:
        yield
    finally:
        connection.close()
