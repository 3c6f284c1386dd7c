"""Doing an act in the console as a browser does: the form, the check, the confirmation."""

from __future__ import annotations

import re

from django.contrib.messages import get_messages

WORDS = "Called them back, it is them."
REASON = "Order 4711 of this morning"
WHY = {"why": "Customer asked", "reason": REASON, "is_told": "on"}
READ = "Customer asked."
"""What the customer reads of that."""


def address(table, act, *rows):
    return f"/support/acts/{table}/{act}/?" + "&".join(f"id={row.pk}" for row in rows)


def record(row):
    """A record's page."""
    return f"/support/records/{row._meta.model_name}/{row.pk}/"


def check(client, table, act, row, **asked):
    """Ask for an act; the page that tells what it would do, or what is wrong."""
    return client.post(address(table, act, row), asked, follow=True)


def text_of(page) -> str:
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def foretold(page) -> list[str]:
    """What a page says will happen."""
    return [effect for subject in page.context["subjects"] for effect in subject.effects]


def wrong(page) -> dict[str, list[str]]:
    """What a page says is wrong with what was asked."""
    return page.context["form"].errors


def confirm(client, page, **why):
    """Press the button of an act's page that was checked, with a reason written there."""
    values = dict(page.context.get("carried") or {}) | WHY | typed_on(page) | why
    where = page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"]
    return client.post(where, values | {"confirmed": page.context["confirmed"]})


def typed_on(page) -> dict[str, str]:
    """What has to be typed there."""
    form = page.context.get("form")
    return {"typed": form.to_type} if form else {}


def do(client, table, act, row, **asked):
    """Do an act to a row; return what was told."""
    return told(confirm(client, check(client, table, act, row, **asked)))


def told(answer) -> list[str]:
    """The messages of an answer, without their links."""
    return [
        re.sub(" <a href=.*</a>$", "", str(message)).replace("&amp;", "&")
        for message in get_messages(answer.wsgi_request)
    ]


def judge(browser, approval, verdict="approve"):
    """Press it with words; the page that was seen goes along, as a browser's does."""
    where = f"/support/approvals/{approval.pk}/{verdict}/"
    page = browser.get(where)
    return browser.post(where, {"reason": WORDS, "seen": page.context["seen"]})
