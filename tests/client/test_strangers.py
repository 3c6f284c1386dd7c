"""Only the service changes what a client knows: whatever answers in its place leads to grace."""

from __future__ import annotations

import json
import os

import pytest

from cloud_licence import answers, command
from cloud_licence.answers import Asked, NoAnswer, Response
from licensing.models import ClientSession
from tests.client.network import KINDS, body_of, filtered
from tests.factories import make_pool

ASKED = Asked(request_id="0" * 32, is_for_seat=True)
A_FEW = (200, 204, 302, 403, 407, 410, 500, 503)
"""One of each kind that the client tells apart; all are heard above, without a command."""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("asked", [ASKED, Asked(request_id="0" * 32)], ids=["seat", "close"])
@pytest.mark.parametrize("repeated", ["", "1" * 32], ids=["no id", "another id"])
def test_no_status_makes_an_answer_of_what_somebody_else_says(kind, asked, repeated):
    heard = []
    for status in range(200, 600):
        content_type, body = body_of(status, kind)
        response = Response(
            status=status, content_type=content_type, x_request_id=repeated, body=body
        )
        heard.append(answers.understood(response, asked))

    assert {type(answer) for answer in heard} == {NoAnswer}
    assert {answer.why for answer in heard} == {
        "captive_portal", "proxy_password", "service_trouble",
    }  # fmt: skip


def status_of_command(*words):
    """What the command returns."""
    return command.main(["--pid", str(os.getpid()), *words])


def known(pc):
    """What the client knows of its licence, as far as an answer may change it."""
    kept = json.loads(pc.store.read_text())
    situation = kept["situation"]
    return (
        situation["session"],
        situation["grace_until"],
        [close["session"] for close in kept["closes"]],
        *(kept[name] for name in ("lease", "serial_number", "licence_name", "keys", "server_time")),
    )


@pytest.mark.census
@pytest.mark.parametrize("kind", KINDS)
def test_what_somebody_else_answers_changes_nothing_in_an_open_program(pc, network, clock, kind):
    pc.set_policy(make_pool(1), network.url)
    status_of_command("open")
    before = known(pc)

    for status in A_FEW:
        network.mood = filtered(status, kind)
        clock.shift(1500)

        assert status_of_command("status") == command.DONE
        assert known(pc) == before, status


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_close_waits_for_the_service_whatever_else_answers(pc, network, clock, kind):
    pc.set_policy(make_pool(1), network.url)
    status_of_command("open")
    network.mood = filtered(204, kind)
    status_of_command("close")
    before = known(pc)

    for status in A_FEW:
        network.mood = filtered(status, kind)
        status_of_command("status")

        assert known(pc) == before, status
    network.mood = "working"
    status_of_command("status")
    assert not ClientSession.objects.active().exists()


def test_command_goes_on_though_a_filter_says_that_it_is_released(pc, network):
    pc.set_policy(make_pool(1), network.url)
    pc.run("open")
    pc.run("close")
    network.mood = filtered(410, "problem")

    opened = pc.run("open")

    assert opened.returncode == 0
    assert opened.stdout.startswith("Something other than the licensing service answered.")
