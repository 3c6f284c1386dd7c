"""What people look for and press on many pages."""

from __future__ import annotations

from contextlib import contextmanager

from tests.factories import PASSWORD


def who_is_in(page):
    """The name in the corner of every page."""
    return page.locator(".profile-menu summary")


def row_of(page, session):
    """The row of a session."""
    return page.locator(f"[data-session='{session.pk}']")


def by_password(page, email, code=None):
    """Sign in with the password and a recovery code, from the page of signing in."""
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    if code:
        page.fill("[name=code]", code)
        page.locator("main [name=code]").press("Enter")


@contextmanager
def noting(page, event, note):
    """Meanwhile each event of the page is noted: its next test has another ear."""
    page.on(event, note)
    yield
    page.remove_listener(event, note)


@contextmanager
def scripts_off(page):
    """Meanwhile no page runs a script: a profile of its own would have to be filled first."""
    browser = page.context.new_cdp_session(page)
    browser.send("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        yield
    finally:
        browser.detach()


@contextmanager
def sending_nothing(page):
    """What is pressed meanwhile sends nothing: a page sends before it answers what it is asked."""
    sent = []

    def note(request):
        if request.method != "GET":
            sent.append(request.url)

    with noting(page, "request", note):
        yield
        page.evaluate("document.title")
    assert sent == []
