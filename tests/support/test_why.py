"""Why staff did something: what the customer reads of it, and what stays among staff."""

from __future__ import annotations

import pytest

from licensing import audit
from licensing.audit import ForStaff, kept_for_staff
from licensing.models import AuditEntry
from portal.models import Role
from portal.telling import fan_out
from support.acts.records import RecordForm
from support.acts.why import Usual, Why
from tests.factories import TESTER, MembershipFactory, make_webhook
from tests.people import signed_in
from tests.support.acting import REASON, WHY, address, check, confirm, do, told
from tests.support.vendor import staff

MORE = {"ticket": "OPS-4821", "note": "As we said on the phone."}
READ = "Customer asked. As we said on the phone."


@pytest.fixture
def owner(planners):
    """Whoever owns the account."""
    return MembershipFactory(account=planners.account, role=Role.OWNER)


def suspend(client, planners, **why):
    return confirm(client, check(client, "licence", "suspend", planners.licence), **why)


def test_the_customer_reads_reason_and_note_and_staff_all_of_it(support, planners, owner):
    suspend(support, planners, **MORE)
    theirs = signed_in(owner.user)
    file = theirs.post("/audit/export/", {"format": "jsonl"})
    pages = [theirs.get("/audit/").text, theirs.get("/").text, file.getvalue().decode()]
    ours = support.get(f"/support/accounts/{owner.account_id}/audit/").text

    assert READ in pages[0]
    assert READ in pages[2]
    assert all(words not in page for words in (REASON, "OPS-4821") for page in pages)
    for words in (READ, f"For us: {REASON}", "Ticket OPS-4821"):
        assert words in ours
        assert words in support.get(f"/support/records/licence/{planners.licence_id}/").text


@pytest.mark.parametrize(("is_told", "mails"), [("on", 1), ("", 0)], ids=["told", "quiet"])
def test_the_mail_has_the_note_and_is_left_out_if_wanted(
    support, planners, owner, mailoutbox, is_told, mails
):
    fan_out.tell()
    suspend(support, planners, is_told=is_told, **MORE)

    assert fan_out.tell()["vendor_deeds"] == mails
    entry = AuditEntry.objects.get(action="state_changed")
    assert (entry.reason, entry.is_quiet) == (READ, not mails)
    shown = support.get(f"/support/accounts/{owner.account_id}/audit/").text
    assert ("No mail to the customer" in shown) is not bool(mails)


@pytest.mark.parametrize("wrong", ["OPS 4821", "=1+1", "a\tb", "<b>", "x" * 41])
def test_a_ticket_is_short_and_plain(planners, wrong):
    sent = WHY | {"ticket": wrong}

    assert RecordForm(sent, record=planners.licence, is_confirmed=True).errors.keys() == {"ticket"}


def test_the_reason_is_chosen_where_an_act_has_but_one(planners):
    orders, others = Usual(Why.ORDER, "More."), Usual(Why.ASKED)

    def first(*reasons):
        return RecordForm(record=planners.licence, reasons=reasons)["why"].value()

    assert first(orders, orders) == Why.ORDER
    assert not first(orders, others)
    assert not first()


def test_a_reason_is_not_called_optional_that_is_asked_for(support, planners):
    session = planners.licence.sessions.first()
    page = support.get(address("clientsession", "release", session))
    refused = confirm(support, page, why="", reason="")

    for shown in (page, support.get(refused["Location"])):
        reason = shown.text.partition('for="id_why"')[2].partition("</label>")[0]
        assert ("Reason" in reason, "optional" in reason) == (True, False)
    assert "optional" in page.text.partition('for="id_ticket"')[2].partition("</label>")[0]


def test_a_mail_is_offered_of_what_mails_tell_alone(support, planners):
    mailed = check(support, "licence", "suspend", planners.licence)
    unmailed = check(support, "webhook", "send-test", make_webhook(planners.account))

    assert "Tell the customer by mail" in mailed.text
    assert "Tell the customer by mail" not in unmailed.text
    assert told(confirm(support, unmailed))


def test_on_the_page_that_checks_the_customer_is_told_unless_one_says_no(sales, planners):
    page = check(sales, "licence", "seats", planners.licence, seats=12)

    assert page.context["form"]["is_told"].value()
    assert page.context["form"]["why"].value() == Why.ORDER


@pytest.mark.parametrize("reason", ["Short", "Short" + "\u200b" * 10], ids=ascii)
def test_what_was_typed_is_kept_when_something_is_wrong(support, planners, reason):
    answer = suspend(support, planners, reason=reason, **MORE)
    page = support.get(answer.headers["Location"])

    assert page.status_code == 422
    assert [page.context["form"][name].value() for name in MORE] == list(MORE.values())


def test_what_is_for_staff_is_chained_too(planners):
    with kept_for_staff(ForStaff("4821", "Their words", is_quiet=True)):
        entry = audit.record(planners.licence, "state_changed", by=TESTER, reason="Why")
    before = planners.account.audit_entries.get(number=entry.number - 1).digest

    assert audit.verify(planners.account)[1] == []
    for name, other in (("ticket", "1"), ("staff_words", ""), ("is_quiet", False)):
        was = getattr(entry, name)
        setattr(entry, name, other)
        assert audit.digest(entry, after=before) != entry.digest
        setattr(entry, name, was)


def test_a_ticket_finds_what_was_done_for_it(support, planners):
    for act in ("suspend", "reinstate"):
        confirm(support, check(support, "licence", act, planners.licence), ticket="OPS-4821")

    page = support.get("/support/find/", {"q": "ops-4821"})

    (found,) = page.context["found"]
    assert found.label == "Ticket"
    assert [hit.words for hit in found.hits] == [
        "Support (Anna Kowalski) reinstated London planners.",
        "Support (Anna Kowalski) suspended London planners.",
    ]
    assert found.hits[0].why.startswith(f"ticket OPS-4821, {planners.account}, ")
    address, _, place = found.hits[1].url.partition("#")
    assert f'<li id="{place}">' in support.get(address).text
    assert not support.get("/support/find/", {"q": "OPS-48"}).context["found"]


def test_staff_activity_tells_why_and_is_searched_by_ticket(support, planners):
    suspend(support, planners, **MORE)
    do(support, "licence", "reinstate", planners.licence)
    sue = signed_in(staff("Supervisor"))

    page = sue.get("/support/activity/", {"ticket": "ops-4821"})

    assert [line.entry.action for line in page.context["list"].page] == ["state_changed"]
    assert all(words in page.text for words in (READ, REASON, "Ticket OPS-4821"))
    assert not list(sue.get("/support/activity/?ticket=OPS-48").context["list"].page)
