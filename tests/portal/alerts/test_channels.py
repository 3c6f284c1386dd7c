"""What is posted to channels and systems: a card, a text, an event; never to a private place."""

from __future__ import annotations

import json
import socket

import pytest

from licensing import sessions
from licensing.errors import InvalidOperation
from portal.models import WebhookDelivery, WebhookKind
from portal.webhooks import deliveries, hooks, sending
from tests.factories import TESTER, make_client, make_pool, make_session
from tests.portal.alerts.made import make_rule, watch


def posted(account, receiver, kind):
    """What arrives when two sessions are released at once that are called as markup is."""
    hook = hooks.create(account, receiver.address(), [], by=TESTER, kind=kind)
    make_rule(account, "session_released", roles=[], webhook=hook)
    key = make_pool(account=account)
    for name in ("<!channel> @all", "[here](https://evil.example)"):
        sessions.release(make_session(key, make_client(username=name)), by=TESTER)
    watch()
    sending.deliver()
    return [json.loads(body) for _path, _headers, body in receiver.received]


def test_teams_is_posted_one_card_whose_texts_are_no_markup(account, receiver):
    [message] = posted(account, receiver, WebhookKind.TEAMS)

    [attachment] = message["attachments"]
    card = attachment["content"]
    texts = [block["inlines"][0]["text"] for block in card["body"]]
    assert message["type"] == "message"
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}
    assert texts[0] == "Brook & Co"
    assert "released [here](https://evil.example) on" in texts[2]
    assert card["actions"][0]["url"].startswith("http://testserver/")


def test_slack_and_mattermost_are_posted_one_text_that_calls_nobody(account, receiver):
    [message] = posted(account, receiver, WebhookKind.SLACK)

    assert list(message) == ["text"]
    assert "Brook &amp; Co" in message["text"]
    assert "&lt;!channel&gt; @\u200ball" in message["text"]
    assert "](https://evil" not in message["text"]


def test_a_system_is_posted_an_event_for_each(account, receiver):
    told = posted(account, receiver, WebhookKind.SYSTEM)

    opened = [one for one in told if one["type"] == "alert.opened"]
    assert [one["data"]["alert"] for one in opened] == ["session_released"] * 2
    assert len({one["data"]["id"] for one in opened}) == 2


def test_a_test_says_who_sent_it(account, receiver):
    hook = hooks.create(account, receiver.address(), [], by=TESTER, kind=WebhookKind.SLACK)
    deliveries.send_test(hook, by=TESTER)

    sending.deliver()

    [(_path, _headers, body)] = receiver.received
    assert "A test sent a test." in json.loads(body)["text"]


@pytest.mark.parametrize("kind", [WebhookKind.TEAMS, WebhookKind.SLACK])
def test_no_channel_is_on_a_private_address(account, settings, monkeypatch, kind):
    """Neither when it is made, nor when its name leads to one later."""
    settings.SSO_ALLOWS_INTERNAL_PROVIDERS = False
    with pytest.raises(InvalidOperation):
        hooks.create(account, "https://10.0.0.7/hook", [], by=TESTER, kind=kind)
    hook = hooks.create(account, "https://8.8.8.8/hook", [], by=TESTER, kind=kind)
    account.webhooks.update(address="https://hooks.brook.example/hook")
    inside = [(0, 0, 0, "", ("10.0.0.7", 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: inside)
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("connected"))
    deliveries.send_test(hook, by=TESTER)

    sending.deliver()

    assert WebhookDelivery.objects.get().trouble == "no_public_address"
