"""The session look-up tells what happened to somebody, what is done next, and what is replied."""

from __future__ import annotations

import html
import json
import re
import uuid

import pytest

from licensing import audit, errors, history, keys, licences, rules, sessions
from licensing.api import problems
from licensing.models import Denial
from licensing.models.licences import LicenceState
from licensing.models.sessions import EndReason, SessionState
from portal.words import replies
from portal.words.refusals import Reason
from support.console.stories import looked_up
from support.console.stories.of_refusals import OF_REFUSAL
from support.console.stories.of_sessions import OF_SESSION
from support.console.stories.story import story_of
from tests.factories import (
    TESTER,
    ago,
    make_client,
    make_session,
    make_single_user,
)
from tests.people import signed_in
from tests.support.acting import address
from tests.support.stories import REFERENCE, STORY, full, page_of, pool, refuse, told
from tests.support.vendor import staff

__all__ = ["full", "pool"]


def test_what_the_programs_message_shows_is_found(support, pool, client):
    for _ in range(2):
        make_session(pool)
    asked = {
        "serial_number": pool.serial_number,
        "product_key": pool.plain,
        "machine_name": "CAD-017",
        "username": "jsmith",
        "version": "16.0.02",
    }
    answer = client.post("/api/v1/sessions", json.dumps(asked), content_type="application/json")

    reference = answer.json()["request_id"]
    for words in (reference, f"Reference: {reference}", f"Referenz: {reference}", "cad-017 jsmith"):
        assert told(support, words).event == Denial.objects.get()
    assert told(support, "jsmith", "cad-017").event == Denial.objects.get()


def test_a_refusal_is_told_with_who_is_away_and_what_may_be_done(support, sales, full):
    away, _denial = full
    Denial.objects.update(last_at="2026-01-06T08:02Z", first_at="2026-01-06T08:02Z", count=3)

    story = told(support, REFERENCE)

    assert story.told.startswith("Refused 3 times, last Tue 6 Jan")
    assert "09:02 CET: London planners had 2 of 2 in use." in story.told
    assert story.now == ["Now 2 of 2 are in use.", "CAD-03 holds one of them offline."]
    assert [(way.label, way.url) for way in story.ways] == [
        ("Release: CAD-03", address("clientsession", "release", away))
    ]
    assert [way.label for way in told(sales, REFERENCE).ways] == [
        "Change user limit: London planners"
    ]


def test_the_replies_name_the_reference_and_no_key(support, pool, full):
    text = html.unescape(page_of(support, REFERENCE).content.decode())

    english, german = told(support, REFERENCE).replies
    assert f"Reference: {REFERENCE}" in english.text
    assert "2 of 2 seats of London planners were in use" in english.text
    assert f"Referenz: {REFERENCE}" in german.text
    for reply in (english, german):
        assert reply.text.endswith("Anna Kowalski")
        assert f'<copy-button value="{reply.text}' in text
        for secret in (pool.plain, pool.last_four, pool.serial_number):
            assert secret not in reply.text


def refused_for(code, pool):
    """A denial with this code, by what causes it."""
    client = {"machine_name": "CAD-017", "username": "jsmith"}
    match code:
        case Reason.POOL_EXHAUSTED:
            make_session(pool)
            make_session(pool)
        case Reason.DEVICE_LIMIT:
            pool = make_single_user()
            make_session(pool)
        case Reason.ACCESS_BLOCKED:
            rules.add(pool.account, rules.NewRule(username="jsmith"), by=TESTER, reason="Left us.")
        case Reason.KEY_SUPERSEDED:
            keys.reissue(pool, by=TESTER)
            pool.refresh_from_db()
        case Reason.LICENCE_SUSPENDED:
            licences.set_state(pool.licence, LicenceState.SUSPENDED, by=TESTER)
            pool.refresh_from_db()
        case _:
            Denial.objects.create(
                account=pool.account,
                licence=pool.licence,
                key=pool,
                code=code,
                identity=make_client().identity,
                version="16",
                folded_from=ago(),
                request_id=REFERENCE,
                **client,
            )
            return looked_up.refused_by(REFERENCE)[0]
    refuse(pool, **client)
    return looked_up.refused_by(REFERENCE)[0]


@pytest.mark.parametrize("code", Reason)
def test_each_refusal_has_its_sentence_its_next_step_and_its_reply(superuser, pool, code):
    denial = refused_for(code, pool)

    story = story_of(denial, staff(is_superuser=True, name="Anna Kowalski"))

    assert denial.code == code
    assert all([story.told, story.then, story.now or story.blocked, story.ways])
    for reply in story.replies:
        assert {"CAD-017", REFERENCE} <= {*re.findall(r"[\w-]+", reply.text)}
        assert not {"%", "None"} & {*reply.text, *reply.text.split()}
    assert not {"{", "}"} & {*story.told, *story.then}
    assert page_of(superuser, REFERENCE).status_code == 200


def test_no_code_is_without_advice():
    """Whoever adds a code that is written down, or an end of sessions, says what it means."""
    never_written_down = {
        "request_invalid", "token_invalid", "scope_missing", "session_unknown", "rate_limited",
        "service_unavailable", "move_limit", "not_single_user", "session_released",
        "session_ended", "seat_taken", "has_seat_again", "too_late_to_undo", "invalid_operation",
    }  # fmt: skip
    codes = {error.code for error in problems.STATUS if error.__module__ == errors.__name__}

    assert set(OF_REFUSAL) == set(replies.OF_REFUSAL) == set(Reason)
    assert set(Reason) == codes - never_written_down
    stands = {*EndReason, *SessionState} - {SessionState.ENDED}
    assert set(OF_SESSION) == set(replies.OF_SESSION) == stands


def test_sessions_are_told_as_they_stand_and_as_they_ended(support, pool):
    session = make_session(pool, make_client(machine_name="CAD-017", username="jsmith"))
    assert told(support, str(session.pk)).told.startswith("Active: a seat of London planners")
    sessions.release(session, by=TESTER)

    story = told(support, "jsmith", "cad-017")

    assert story.event == session
    assert story.told.endswith("London planners. Released.")
    assert [step.name for step in story.steps] == ["Started", "Last refreshed", "Ended"]
    assert "on CAD-017 was released. The program stays open" in story.replies[0].text


def test_what_the_page_itself_calls_them_is_found(support, full):
    denial = full[1]
    spelled = str(uuid.UUID(REFERENCE))

    for words in (told(support, REFERENCE).title, spelled, spelled.upper()):
        assert told(support, words).event == denial, words


def test_a_serial_number_is_looked_for_in_find(support, pool):
    page = page_of(support, pool.serial_number)

    assert f'href="/support/find/?q={pool.serial_number}"' in page.text


def test_history_is_found_too(support, full):
    Denial.objects.update(first_at=ago(days=40), last_at=ago(days=40))
    assert history.move() == 1

    assert told(support, REFERENCE).event == full[1]


def test_who_was_refused_with_no_key_of_ours_is_told(support):
    with pytest.raises(errors.KeyInvalid):
        sessions.check_out_with_key("0000-0000", "wrong", make_client(request_id=REFERENCE))

    assert "did not belong together" in told(support, REFERENCE).told


def test_both_fields_keep_what_was_typed(support):
    shown = page_of(support, "BROOK\\s.gill", "PC-08").context

    assert (shown["words"], shown["machine"]) == ("BROOK\\s.gill", "PC-08")


def test_nothing_is_said_so_with_how_long_references_are_kept(support, settings):
    page = page_of(support, REFERENCE)
    assert page.context["why_not_found"].startswith("They are kept 13 months.")
    assert "Nothing has this reference." in page.text
    assert page_of(support, "nobody").context["not_found"].startswith("Nobody, and no machine")
    settings.KEEP_HISTORY_DAYS = 45
    assert page_of(support, REFERENCE).context["why_not_found"].startswith("They are kept 45 days.")
    assert "Nothing has this reference." not in support.get(STORY).text


def test_find_has_it_with_its_reason(support, full):
    found = support.get("/support/find/", {"q": REFERENCE})
    assert found.headers["Location"] == f"{STORY}?denial={full[1].pk}"


def test_a_number_with_more_digits_names_no_other_refusal(support, full):
    padded = f"{full[1].pk:018}"

    assert support.get(STORY, {"denial": padded}).context["story"]
    assert not support.get(STORY, {"denial": f"{padded}0"}).context.get("story")


@pytest.mark.parametrize("words", ["", "  ", "nobody", "%00x", "*", "a" * 300, "denial"])
def test_whatever_is_typed_is_answered(support, full, words):
    assert page_of(support, words).status_code == 200


def test_is_for_the_desk_alone(client, member, full):
    assert signed_in(member.user).get(STORY, {"q": REFERENCE}).status_code == 404
    assert signed_in(staff()).get(STORY, {"q": REFERENCE}).status_code == 403


def test_an_acts_request_leads_to_what_it_did(support, pool):
    with audit.asked_from(audit.Origin(request_id=REFERENCE)):
        sessions.release(make_session(pool), by=audit.Actor("user", "7", "Priya Shah"))

    [(entry, text)] = page_of(support, REFERENCE).context["entries"]
    assert text.startswith("Priya Shah released")
    found = support.get("/support/find/", {"q": REFERENCE})
    assert found.headers["Location"] == f"{STORY}?q={REFERENCE}"
    assert f"/support/accounts/{pool.account_id}/audit/#entry-{entry.number}" in (
        page_of(support, REFERENCE).text
    )
