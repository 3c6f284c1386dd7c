"""A fleet at work on the account whose sessions somebody watches."""

from __future__ import annotations

import asyncio
import contextlib
import threading

import pytest
from playwright.sync_api import expect

from licensing import invariants
from support.demo.fleet import comparison, records, targets, trial
from tests.browser.presses import noting

SECONDS, WORKING_DAY_IN_SECONDS = 4, 8
A_POLL_LATER = 16_000


@pytest.fixture
def page(timed):
    """A page whose clock is in the test's hand."""
    return timed.pages[0]


def test_rows_follow_a_fleet_and_nothing_breaks(page, estate, sign_in, live_server):
    answered = []
    sign_in(page, estate.owner)
    page.goto("/sessions/?q=FLEET")
    page.evaluate("window.sameDocument = true")
    expect(page.locator("#session-foot")).to_contain_text("No sessions match.")

    with (
        noting(page, "response", lambda response: answered.append(response.status)),
        fleet_at_work(live_server.url, estate.account) as (run, used, work),
    ):
        page.wait_for_timeout(500)
        expect_new_rows(page)
        expect_new_rows(page)
        while work.is_alive():
            page.clock.fast_forward(A_POLL_LATER)
            page.wait_for_timeout(500)

    compared = comparison.lines(run.ledger, records.of(used))
    assert page.evaluate("window.sameDocument")
    assert [status for status in answered if status >= 500] == []
    assert run.complaints() + comparison.complaints(compared) + invariants.broken() == []
    assert {line.outcome for line in compared if line.by_server} >= {
        "session: opened",
        "session: closed",
        "administrators: key reissued",
        "administrators: rule added",
        "administrators: seats changed",
    }


@contextlib.contextmanager
def fleet_at_work(url, account):
    """Twenty desktops of the account's, at work in a thread: the browser's loop has this one."""
    speed = targets.WORKING_DAY / WORKING_DAY_IN_SECONDS
    used = targets.issue(account.name, 20, speed=speed)
    run = trial.prepare(url, used, speed=speed)
    work = threading.Thread(target=asyncio.run, args=[run.live(SECONDS, lambda line: None)])
    work.start()
    try:
        yield run, used, work
    finally:
        work.join()


def expect_new_rows(page):
    """A poll later the list has changed by itself, and shows the fleet's people."""
    version = page.locator("#session-rows").get_attribute("data-version")
    page.clock.fast_forward(A_POLL_LATER)
    expect(page.locator("#session-rows")).not_to_have_attribute("data-version", version)
    expect(page.locator("#session-rows tr").first).to_contain_text("FLEET")
