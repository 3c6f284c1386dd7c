"""What the session look-up tells of somebody whom a rule keeps out, and of anybody's day."""

from __future__ import annotations

from licensing import keys, rules, sessions
from licensing.models import AccessRule, ClientSession, Denial
from tests.factories import TESTER, ago, make_client, make_pool, make_session
from tests.support.acting import address
from tests.support.stories import REFERENCE, full, page_of, pool, refuse, told

__all__ = ["full", "pool"]


def test_of_a_leaver_the_block_comes_first(support, pool):
    session = make_session(pool, make_client(machine_name="CAD-017", username="jsmith"))
    keys.revoke(pool, by=TESTER)
    pool.refresh_from_db()
    rule = rules.add(
        pool.account, rules.NewRule(username="jsmith"), by=TESTER, reason="Leaver. They left us."
    )
    refuse(pool, machine_name="CAD-017", username="jsmith")
    AccessRule.objects.update(starts_at="2026-01-06T08:02Z")

    story = told(support, REFERENCE)

    assert "revoked" in story.told
    assert story.blocked == (
        f"Blocked since Tue 6 Jan, 09:02 CET by {TESTER.name}: Leaver. They left us. The rule is "
        "Block jsmith on any machine."
    )
    assert story.then.startswith("Nothing, if they are to stay out.")
    lift = address("accessrule", "lift", rule)
    assert [way.url for way in story.ways] == [lift]
    assert "access rule of your organisation" in story.replies[0].text
    assert [way.url for way in told(support, str(session.pk)).ways] == [lift]
    assert page_of(support, REFERENCE).text.index("Blocked since") < (
        page_of(support, REFERENCE).text.index("What to do next")
    )


def test_a_call_after_midnight_is_about_the_evening(support, pool, full):
    Denial.objects.update(first_at=ago(hours=13), last_at=ago(hours=13))
    made = make_session(make_pool(1, account=pool.account), make_client(
        machine_name="CAD-018", username="brook\\jsmith"))  # fmt: skip
    ClientSession.objects.filter(pk=made.pk).update(started_at=ago(hours=23))

    assert (told(support, str(made.pk)).day_called) == "Their last 24 hours"
    assert len(told(support, str(made.pk)).day) == 2
    around = told(support, REFERENCE)
    assert (around.day_called, len(around.day)) == ("Their 24 hours around it", 2)


def test_their_day_comes_in_order_with_other_machines(support, pool, full):
    _, denial = full
    sessions.close(make_session(make_pool(1, account=pool.account, name="Leeds"), make_client(
        machine_name="CAD-018", username="brook\\JSmith")).pk)  # fmt: skip

    day = told(support, REFERENCE).day

    assert [(one.words, one.is_this) for one in day] == [
        ("Refused on CAD-017: All seats in use", True),
        ("Took a seat: Leeds, CAD-018", False),
        ("Gave it back: Leeds, CAD-018. Closed by its user", False),
    ]
    assert told(support, "jsmith").event != denial, "found by a part of the name, as the last"
