"""Check-outs whose program made the id of its session."""

from __future__ import annotations

import pytest

from licensing import errors
from tests.api.desktop import SESSIONS, check_out, close, open_session, order, refresh

OWN = "0190d7a4-5b1c-4f6e-9a57-3f6f2f1c8d10"


@pytest.mark.parametrize(
    "spelled",
    [OWN, OWN.upper(), OWN.replace("-", ""), f"{{{OWN}}}", f"urn:uuid:{OWN}"],
    ids=["usual", "upper case", "no dashes", "braces", "urn"],
)
def test_a_session_takes_the_id_that_its_client_made(client, pool, spelled):
    document = open_session(client, pool, session_id=spelled)

    assert document["id"] == OWN
    assert refresh(client, document).status_code == 200


def test_a_request_whose_answer_was_lost_is_the_same_session_again(client, pool):
    body = order(pool, session_id=OWN)
    lost = client.post(SESSIONS, body, content_type="application/json")

    again = client.post(SESSIONS, body, content_type="application/json")

    assert (lost.status_code, again.status_code) == (201, 200)
    assert (again.json()["id"], again.json()["token"]) == (OWN, lost.json()["token"])


@pytest.mark.parametrize(
    "wrong", ["", "7", "0190d7a4", OWN + "0", OWN + "\n", OWN.replace("0", "g"), "{}", 7, []]
)
def test_an_id_that_is_no_uuid_is_refused(client, pool, wrong):
    response = check_out(client, pool, session_id=wrong)

    problem = response.json()
    assert (response.status_code, problem["code"]) == (400, "request_invalid")
    assert [error["pointer"] for error in problem["errors"]] == ["/session_id"]
    assert problem["detail"] == str(errors.RequestInvalid.message)


def test_an_id_of_another_persons_is_refused(client, pool):
    open_session(client, pool, session_id=OWN)

    response = check_out(client, pool, session_id=OWN)

    problem = response.json()
    assert (response.status_code, problem["code"], problem["errors"]) == (
        400, "request_invalid",
        [{"pointer": "/session_id", "detail": "This id is in use. Make another id."}],
    )  # fmt: skip
    assert problem["detail"] == str(errors.RequestInvalid.of_taken_id)


def test_an_id_whose_session_is_over_is_told_as_at_a_refresh(client, pool):
    body = order(pool, session_id=OWN)
    close(client, client.post(SESSIONS, body, content_type="application/json").json())

    response = client.post(SESSIONS, body, content_type="application/json")

    assert (response.status_code, response.json()["code"], response.json()["reason"]) == (
        410, "session_ended", "closed",
    )  # fmt: skip
