"""The page of one session."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from licensing import errors, licences, sessions
from licensing.licences import OfflinePolicy
from licensing.models import ClientSession, Denial
from licensing.models.sessions import EndReason
from portal.licences import notes
from portal.sessions import releases
from portal.sessions import story as session_story
from portal.sessions.endings import ENDINGS
from portal.words.aliases import Names
from tests.factories import TESTER, MembershipFactory, ago, make_client, make_pool, make_session


def page_of(session):
    """The address of the session's page."""
    return f"/sessions/{session.pk}/"


def test_shows_who_where_and_until_when_and_what_a_help_desk_asks_for(owner, pool):
    session = make_session(
        pool, make_client(username="ACME\\jsmith", machine_name="CAD-017", features=("bim",))
    )

    page = owner.get(page_of(session))

    assert "ACME\\jsmith on CAD-017" in page.text
    assert pool.serial_number in page.text
    assert str(session.pk) in page.text
    assert '<li class="pill">bim</li>' in page.text
    lines = page.context["for_ticket"].splitlines()
    assert lines[:3] == ["User: ACME\\jsmith", "Machine: CAD-017", "Licence: London planners"]
    assert lines[-1] == f"Session id: {session.pk}"


def test_shows_the_same_persons_other_sessions(owner, account, pool):
    session = make_session(pool, make_client(username="jsmith", machine_name="CAD-1"))
    make_session(pool, make_client(username="JSmith", machine_name="CAD-2"))
    make_session(pool, make_client(username="other", machine_name="CAD-3"))
    make_session(make_pool(), make_client(username="jsmith", machine_name="CAD-4"))

    others = owner.get(page_of(session)).context["others"]

    assert [other.machine_name for other in others] == ["CAD-2"]


def test_tells_who_was_refused_today(owner, account):
    key, client = make_pool(1, account=account), make_client()
    yesterdays, elsewhere = make_pool(1, account=account), make_pool(1)
    holders = [make_session(full) for full in (key, yesterdays, elsewhere)]
    for full in (key, yesterdays, elsewhere):
        with pytest.raises(errors.PoolExhausted):
            sessions.check_out(full, client)
    Denial.objects.filter(licence=yesterdays.licence).update(last_at=ago(days=1))
    sessions.close(holders[0].pk)
    session = make_session(key, client)

    [(denial, reason)] = owner.get(page_of(session)).context["denials"]

    assert (denial.licence, reason) == (key.licence, "All seats in use")


def test_today_begins_at_the_readers_midnight(account, pool):
    session, names = make_session(pool), Names(account, are_aliases=False)
    with timezone.override("Pacific/Kiritimati"):
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        for at in (midnight, midnight - dt.timedelta(seconds=1)):
            Denial.objects.create(
                account=account, identity=session.identity, code="key_invalid", username="u",
                machine_name="m", version="16", folded_from=at, first_at=at, last_at=at,
            )  # fmt: skip

        told = session_story.denials_today(session, names)

    assert [denial.last_at for denial, _reason in told] == [midnight]


def test_a_viewer_cannot_release(viewer, owner, manager, pool):
    MembershipFactory(account=pool.account, user__name="Aaron", user__is_active=False)

    text = viewer.get(page_of(make_session(pool))).text

    assert "<textarea" not in text
    assert "Ask Priya Shah or Tom Reed." in text


def story(browser, session):
    """What opens beside a list."""
    return browser.get(page_of(session), headers={"X-Requested-With": "drawer"}).text


def test_its_story_for_the_drawer_is_no_second_row_and_has_all_that_the_row_has(owner, pool):
    client = make_client(username="J. Smith", machine_name="CAD-017", version="16.0.02")
    session = make_session(pool, client)

    text = story(owner, session)

    assert ">J. Smith</a> on <a" in text
    assert f'href="/sessions/{session.pk}/block/"' in text
    assert f'action="/sessions/{session.pk}/release/"' in text
    told = ("Started", "Length", "Seat comes back", "16.0.02", session.key.serial_number)
    assert [words for words in told if words not in text] == []
    assert [word for word in ("<html", "data-session", "<h1", 'id="who-') if word in text] == []


def test_a_viewer_reads_the_story_and_whom_to_ask(viewer, owner, pool):
    notes.write(
        pool.licence, contact_name="Zoe", contact_email="zoe@example.com", text="", by=TESTER
    )
    text = story(viewer, make_session(pool))

    assert "/block/" not in text
    assert "Viewers can look but not release. Ask Priya Shah." in text


def test_says_when_it_was_in_touch_and_should_be(owner, pool):
    expected = {
        0: ["Last refreshed", "Next refresh due", "Grace ends"],
        60: ["Last refreshed", "Refresh was due", "Grace ends"],
        49 * 60: ["Last refreshed", "Refresh was due", "Grace ended"],
    }

    for minutes, names in expected.items():
        session = make_session(pool, refreshed=dt.timedelta(minutes=minutes))
        steps = session_story.steps(session)
        assert [step.name for step in steps] == names
        assert steps[1].at - steps[0].at == dt.timedelta(minutes=5)
    assert [step.name for step in owner.get(page_of(session)).context["steps"]] == names


def test_it_is_due_sooner_where_its_licence_wants_it_sooner(pool):
    short = OfflinePolicy(dt.timedelta(minutes=2), None)
    licences.set_policy(pool.licence, short, by=TESTER)

    steps = session_story.steps(make_session(pool))

    assert steps[1].at - steps[0].at == dt.timedelta(seconds=40)


def test_one_that_is_over_says_how_and_its_steps_end(owner, pool):
    session = make_session(pool)
    sessions.close(session.pk)

    response = owner.get(page_of(session))

    steps = [step.name for step in response.context["steps"]]
    assert steps == ["Started", "Last refreshed", "Ended"]
    assert "This session ended at " in response.text
    assert "Closed by its user." in response.text
    assert "None is open." in response.text
    assert "<textarea" not in response.text


def ended(session, reason):
    """The session, which ended for this reason."""
    session.ended_at, session.end_reason = timezone.now(), reason
    session.save(update_fields=["ended_at", "end_reason"])
    return session


def test_the_sentence_of_one_that_is_over_says_why(pool):
    session = make_session(pool)

    sentences = {reason: releases.already_over(ended(session, reason)) for reason in EndReason}

    assert {
        reason: sentence.endswith(f". {ENDINGS[reason]}.") for reason, sentence in sentences.items()
    } == dict.fromkeys(EndReason, True)


def test_page_and_drawer_print_it(owner, pool):
    session = ended(make_session(pool), EndReason.MOVED)

    for text in (owner.get(page_of(session)).text, story(owner, session)):
        assert f". {ENDINGS['moved']}." in text


def test_one_that_ended_on_another_day_says_which(owner, pool):
    session = make_session(pool)
    ClientSession.objects.filter(pk=session.pk).update(
        ended_at=dt.datetime(2026, 1, 26, 14, 5, tzinfo=dt.UTC), end_reason=EndReason.RECLAIMED
    )

    text = owner.get(page_of(session)).text

    assert "This session ended on Mon 26 Jan" in text
    assert ", 14:05 GMT. Not in touch for too long." in text


@pytest.mark.parametrize("others", [1, 3])
def test_needs_as_many_queries_for_many_others(owner, pool, django_assert_num_queries, others):
    session = make_session(pool, make_client(username="jsmith"))
    for _ in range(others):
        make_session(pool, make_client(username="jsmith"))

    with django_assert_num_queries(6):
        owner.get(page_of(session))
