"""A browser, a server, and an estate worth looking at.

The server answers from other threads, so the tests use real transactions.
"""

from __future__ import annotations

import copy
import time

import pytest
from django.conf import settings
from django.test import override_settings
from playwright.sync_api import Error, expect

from tests import estate as estates
from tests import leftovers
from tests.browser import barriers, chromium
from tests.browser.presses import noting, scripts_off
from tests.people import signed_in, unsure

WINDOW = {"width": 1280, "height": 720}
AS_IT_IS = "null"
"""Of what is shown and how: as without a test."""
IS_FRESH = 120
"""For so many seconds an estate is as it was: whoever works there has not gone quiet yet."""

expect.set_options(timeout=5000)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The Chromium that is installed, else Playwright's own."""
    options = {"args": chromium.ARGUMENTS}
    if path := chromium.find():
        options["executable_path"] = path
    return browser_type_launch_args | options


@pytest.fixture(scope="session")
def base_url(live_server):
    """Addresses are those of the tests' server, which has axe among its files."""
    files = [*settings.STATICFILES_DIRS, (barriers.ADDRESS, barriers.VENDOR)]
    with override_settings(STATICFILES_DIRS=files):
        yield live_server.url


@pytest.fixture(scope="session")
def kept_context(browser, browser_context_args):
    """A browser's profile for this worker's tests: its second page takes a third of the first.

    Its page stays open for the next test: to make one takes as long as to show one.
    """
    context = browser.new_context(**browser_context_args)
    context.new_page()
    return context


@pytest.fixture(scope="session")
def kept_timed_context(browser, browser_context_args):
    """The same, in whose pages time is in the test's hand; it cannot be taken out of them again."""
    context = browser.new_context(**browser_context_args)
    context.clock.install()
    context.new_page()
    return context


@pytest.fixture
def context(kept_context):
    """The profile, in which nobody is signed in and nothing is allowed yet."""
    yield kept_context
    as_at_first(kept_context)


@pytest.fixture
def page(context):
    """The profile's page, as a new one would be."""
    return context.pages[0]


@pytest.fixture
def without_scripts(page):
    """The profile's page, in which no script runs."""
    with scripts_off(page):
        yield page


@pytest.fixture
def timed(kept_timed_context):
    """A profile whose pages have their clock in the test's hand: it is now, and time goes on."""
    kept_timed_context.clock.install()
    kept_timed_context.clock.resume()
    yield kept_timed_context
    as_at_first(kept_timed_context)


def as_at_first(context):
    """Close what a test opened, sign everybody out, allow nothing, and leave an empty page."""
    page, *others = context.pages
    for other in others:
        other.close()
    try:
        leave(page)
    except Error:  # it was on its way somewhere
        page.close()
        context.new_page()
    context.clear_cookies()
    context.clear_permissions()


def leave(page):
    """Go to an empty page, and look at it as a new page is looked at."""
    page.unroute_all()
    page.goto("/healthz")
    page.evaluate("sessionStorage.clear()")
    page.mouse.move(0, 0)
    page.emulate_media(media=AS_IT_IS, color_scheme=AS_IT_IS, reduced_motion=AS_IT_IS)
    if page.viewport_size != WINDOW:
        page.set_viewport_size(WINDOW)


class KeptEstate:
    """Built once and put back for each test, until it is too old."""

    built_at = -IS_FRESH

    def put_back(self):
        if time.monotonic() - self.built_at < IS_FRESH:
            leftovers.put_back("as_built")
        else:
            self.built_at, self.built = time.monotonic(), estates.build()
            leftovers.keep("as_built")
        return copy.deepcopy(self.built)


@pytest.fixture(scope="session")
def kept_estate():
    """This worker's."""
    return KeptEstate()


@pytest.fixture
def estate(transactional_db, kept_estate):
    """An account with something in every state, and its people."""
    return kept_estate.put_back()


@pytest.fixture
def sign_in(estate, base_url):
    """Opens somebody's session in a browser, without the form: ``sign_in(page, estate.owner)``.

    Sensitive acts ask nothing of them, unless they are not ``sure``. What it returns sends as
    another tab would, without Chromium.
    """

    def by_cookie(page, user, *, sure=True):
        browser = signed_in(user) if sure else unsure(signed_in(user))
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": browser.cookies[name].value, "url": base_url}
        page.context.add_cookies([cookie])
        return browser

    return by_cookie


@pytest.fixture
def complaints(page):
    """What the browser itself complains of: scripts, resources, the content security policy."""
    found = []

    def note_message(message):
        if message.type in ("error", "warning") and "/no-such-page/" not in page.url:
            found.append(f"{page.url}: {message.text}")

    def note_error(error):
        found.append(f"{page.url}: {error}")

    with noting(page, "pageerror", note_error), noting(page, "console", note_message):
        yield found
