"""What is held on a person, handed out and erased by operators."""

from __future__ import annotations

from licensing import sessions
from licensing.models import ClientSession
from tests.factories import make_client, make_session

WHO = ["--account=Brook & Co", "--username=BROOK\\jsmith", "--reason=They asked in writing"]


def test_hands_out_and_erases(run, refusal, pool):
    pool.account.name = "Brook & Co"
    pool.account.save()
    sessions.close(make_session(pool, make_client(username="BROOK\\jsmith")).pk)

    document = run("export_person", *WHO)
    erased = run("erase_person", *WHO)

    assert document["sessions"][0]["username"] == "BROOK\\jsmith"
    assert erased["sessions"] == 1
    assert ClientSession.every.get().username == erased["alias"]
    assert "nothing is left" in refusal("erase_person", *WHO)


def test_somebody_has_to_be_named(refusal, pool):
    said = refusal("export_person", f"--account={pool.account}", WHO[2])

    assert said == "Give --username, --email or both."
