"""What somebody reads out who was let in and is refused later leads to their session."""

from __future__ import annotations

from licensing import sessions
from licensing.api import authentication
from tests.factories import TESTER, make_pool, make_session


def refresh(client, session):
    """The answer to the session's program."""
    return client.post(
        f"/api/v1/sessions/{session.pk}/refresh",
        {},
        "application/json",
        headers={"Authorization": f"Bearer {authentication.token_of(session.pk)}"},
    )


def test_the_last_reference_of_a_session_leads_there_from_both_boxes(client, support):
    pool = make_pool(2)
    released, other = make_session(pool), make_session(pool)
    sessions.release(released, by=TESTER, reason="On holiday")
    first, last = (refresh(client, released).json()["request_id"] for _ in range(2))
    refresh(client, other)

    story = support.get("/support/story/", {"q": f"Reference: {last}"}).context["story"]
    assert story.event == released
    assert "story" not in support.get("/support/story/", {"q": first}).context
    found = support.get("/support/find/", {"q": last}, follow=True).text
    assert str(released) in found
    assert str(other) not in found
