"""Features that are needed, and features that a program can do without."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cloud_licence import check_outs, command
from cloud_licence import program as licence
from cloud_licence.states import State
from licensing.models import ClientSession
from tests.client.computers import PROGRAM
from tests.factories import make_client, make_pool, make_session

FULL = {"scope": "feature", "features": ["bim"]}


@pytest.mark.parametrize(
    ("code", "facts", "optional", "offered"),
    [
        ("pool_exhausted", FULL, ("bim", "4d"), ("bim",)),
        ("pool_exhausted", FULL, ("4d",), ()),
        ("pool_exhausted", FULL | {"features": ["bim", "4d"]}, ("bim",), ()),
        ("pool_exhausted", {"scope": "licence", "features": []}, ("bim",), ()),
        ("pool_exhausted", {}, ("bim",), ()),
        ("feature_not_licensed", {"features": ["bim"]}, ("bim",), ("bim",)),
        ("access_blocked", FULL, ("bim",), ()),
    ],
)
def test_is_offered_where_the_program_can_do_without_all_that_is_missing(
    code, facts, optional, offered
):
    assert check_outs.can_do_without(code, facts, optional) == offered


def test_program_opens_without_a_feature_that_is_not_licensed(pc, network):
    pc.set_policy(make_pool(1), network.url)

    refused = pc.run("--optional-feature", "bim", "open")
    opened = pc.run("--optional-feature", "bim", "--go-without", "open")

    assert refused.returncode == 3
    assert "Missing: bim. The program can be opened without bim." in refused.stdout
    assert "add --go-without" in refused.stdout
    assert (opened.returncode, opened.stdout) == (0, "You have a licence.\n")


def test_program_that_opened_without_a_feature_asks_for_it_no_more(pc, network):
    pc.set_policy(make_pool(1), network.url)
    words = ["--optional-feature", "bim", "--go-without", "open"]
    program = replace(PROGRAM, optional_features=("bim",))

    goes_on, found = command.opened(program, command.parser().parse_args(words))

    assert found.situation.state is State.LICENSED
    assert (goes_on.optional_features, goes_on.policy) == ((), found.policy)


def test_feature_that_is_needed_is_not_gone_without(pc, network):
    pc.set_policy(make_pool(1), network.url)

    refused = pc.run("--feature", "bim", "--go-without", "open")

    assert (refused.returncode, ClientSession.objects.count()) == (3, 0)
    assert "can be opened without" not in refused.stdout


def test_library_says_what_the_program_can_do_without(pc, network):
    pc.set_policy(make_pool(1, features=["bim"]), network.url)
    program = replace(PROGRAM, features=("bim",), optional_features=("4d",))

    refused = licence.open_licence(program)
    opened = licence.open_licence(program.without(refused.can_do_without))

    assert refused.can_do_without == ("4d",)
    assert opened.situation.state is State.LICENSED


def test_full_feature_is_named_and_gone_without(pc, network):
    key = make_pool(2, features=["bim:1"])
    pc.set_policy(key, network.url)
    make_session(key, make_client(features=("bim",)))
    program = replace(PROGRAM, optional_features=("bim",))

    refused = licence.open_licence(program)
    opened = licence.open_licence(program.without(("bim",)))

    assert refused.situation.code == "pool_exhausted"
    assert opened.situation.state is State.LICENSED


def test_open_program_takes_one_more_feature_or_goes_on_without(pc, network):
    key = make_pool(3, features=["bim:1", "4d:1"])
    pc.set_policy(key, network.url)
    opened = licence.open_licence(PROGRAM)
    make_session(key, make_client(features=("bim",)))

    had = licence.take_features(PROGRAM, ("4d",))
    full = licence.take_features(PROGRAM, ("bim",))

    assert had.situation.session == opened.situation.session
    assert (had.situation.code, full.situation.code) == ("", "pool_exhausted")
    assert licence.look(PROGRAM).situation.state is State.LICENSED
    assert not any(line.startswith("DELETE") for line in network.requests)


def test_program_that_is_not_open_takes_no_feature(pc, network):
    pc.set_policy(make_pool(1), network.url)

    assert not licence.take_features(PROGRAM, ("bim",)).situation.is_open
    assert network.requests == []
