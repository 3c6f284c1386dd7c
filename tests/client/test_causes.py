"""What people read: why there is no answer, what to do about it, and in which language."""

from __future__ import annotations

import re

import pytest

from cloud_licence import machine, words
from cloud_licence import program as licence
from cloud_licence.states import State
from licensing.api import brake
from tests.client.computers import PROGRAM
from tests.factories import make_single_user

MOODS = {
    "captive portal": "captive_portal",
    "redirect": "captive_portal",
    "forbidding proxy": "captive_portal",
    "password proxy": "proxy_password",
    "bad gateway": "service_trouble",
    "lost": "unreachable",
}


def test_first_start_says_what_stands_in_the_way(key, network):
    told = {}
    for network.mood in MOODS:
        found = licence.open_licence(PROGRAM)
        assert found.situation.state is State.DENIED
        told[network.mood] = found.situation.code, str(found.message)

    assert {mood: code for mood, (code, _) in told.items()} == MOODS
    assert len({sentence for _, sentence in told.values()}) == len(set(MOODS.values()))
    assert "an internet connection" in told["lost"][1]
    assert not any("internet" in told[mood][1] for mood in MOODS if mood != "lost")


def test_wrong_address_is_said_to_be_wrong(key, pc):
    pc.set_policy(key, "licensing.example", ContactText="Ask Priya Shah.")

    found = licence.open_licence(PROGRAM)

    assert found.situation.code == "no_service"
    assert str(found.message).startswith("The address of the licensing service, or of the proxy")
    assert str(found.message).endswith("\nAsk Priya Shah.")


def test_denied_for_want_of_an_answer_says_who_was_asked(key, pc, network):
    pc.set_policy(
        key, "http://me:secret@licensing.example:8443/app?x=1", Proxy="u:pass@127.0.0.1:1"
    )
    by_proxy = str(licence.open_licence(PROGRAM).message)
    pc.set_policy(key, network.url, Proxy="direct")
    network.mood = "captive portal"
    direct = str(licence.open_licence(PROGRAM).message)
    network.mood = "working"
    pc.set_policy(key, f"{network.url}/api/v1", Proxy="direct")
    wrong_path = str(licence.open_licence(PROGRAM).message)

    asked = "Asked: http://licensing.example:8443/app, by the proxy 127.0.0.1:1."
    assert by_proxy.endswith(asked)
    assert direct.endswith(f"Asked: {network.url}.")
    assert wrong_path.startswith("The address of the licensing service")
    assert f"Asked: {network.url}/api/v1." in wrong_path


def test_mistyped_keys_are_told_to_check_and_wait(key, pc, network):
    pc.set_policy(key, network.url, ProductKey=key.plain[:-1])
    for _ in range(brake.FAILURES_PER_SERIAL_NUMBER):
        assert licence.open_licence(PROGRAM).situation.code == "key_invalid"

    braked = licence.open_licence(PROGRAM)

    assert braked.situation.code == "rate_limited"
    assert "check the serial number and product key for typing errors" in str(braked.message)
    assert "in 60 seconds" in str(braked.message)


def test_move_says_what_stands_in_the_way(pc, network):
    pc.set_policy(make_single_user(), network.url)
    licence.open_licence(PROGRAM)
    network.mood = "captive portal"

    moved = licence.move(PROGRAM)

    assert moved.situation.code == "captive_portal"
    assert str(moved.message).startswith("Something other than the licensing service answered.")
    assert licence.look(PROGRAM).situation.is_open


def test_speaks_german_to_germans_and_asks_for_it(key, pc, network, monkeypatch):
    monkeypatch.setenv("LC_ALL", "de_AT.UTF-8")

    opened = pc.run("open")
    pc.store.unlink()
    network.mood = "lost"
    offline = pc.run("open")

    assert opened.stdout == "Sie haben eine Lizenz.\n"
    assert offline.stdout.startswith("Der Lizenzdienst ist nicht erreichbar.")
    assert b"\r\nAccept-Language: de\r\n" in network.sent[0]


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "de"}, "de"),
        ({"LANG": "C.UTF-8"}, ""),
        ({}, ""),
    ],
)
def test_language_is_that_of_the_environment(environment, language):
    assert machine.language(environment) == language


def test_every_sentence_is_there_in_every_language():
    table = {name: value for name, value in words.table().items() if name != "about"}
    english = table.pop("en")

    for language, said in table.items():
        assert said.keys() == english.keys(), language
        for name, sentence in said.items():
            assert places(sentence) == places(english[name]), (language, name)


def places(sentence):
    """What is filled in, or how many words there are."""
    if isinstance(sentence, list):
        return len(sentence)
    return set(re.findall(r"\{\w*\}", sentence))
