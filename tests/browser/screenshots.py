"""Pictures of the customers' pages of a running product, light, dark and on a phone.

    python -m tests.browser.screenshots --against http://127.0.0.1:8000 \\
        --email priya.shah@brook.example --password only-for-the-demo
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import chromium

LOOKS = {
    "light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "color_scheme": "light",
        "device_scale_factor": 2,
    },
    "phone-dark": {
        "viewport": {"width": 390, "height": 844},
        "color_scheme": "dark",
        "device_scale_factor": 2,
    },
}
FOR_ANYBODY = {
    "sign-in": "/accounts/login/",
    "forgotten-password": "/accounts/password/reset/",
    "status": "/status/",
    "not-found": "/no-such-page/",
}
SIGNED_IN = {
    "home": "/",
    "help": "/help/",
    "shortcuts": "/help/shortcuts/",
    "search": "/search/?q=a",
    "search-nothing": "/search/?q=no+such+thing",
    "licences": "/licences/",
    "licence-position": "/licence-position/",
    "licences-none-match": "/licences/?q=no+such+licence",
    "sessions": "/sessions/",
    "sessions-held": "/sessions/?state=held",
    "sessions-none-match": "/sessions/?q=nobody",
    "api-tokens": "/api-tokens/",
    "alerts": "/alerts/",
    "webhooks": "/webhooks/",
    "webhook": "/webhooks/{webhook}/",
    "privacy": "/security/privacy/",
    "usage": "/usage/",
    "denials": "/usage/denials/",
    "audit": "/audit/",
    "reports": "/reports/",
    "requests": "/requests/",
    "ask-us": "/requests/new/",
    "people": "/people/",
    "settings": "/settings/",
    "security": "/security/",
    "single-sign-on": "/security/single-sign-on/",
    "change-password": "/accounts/password/change/",
    "confirm-it-is-you": "/accounts/reauthenticate/",
}
POOL = ("/licences/", "#concurrent tbody a")
SINGLE_USER = ("/licences/", "#single-user tbody a")
SESSION = ("/sessions/", "[data-session] a")
LINKED = {
    "licence-pool": POOL,
    "licence-single-user": SINGLE_USER,
    "session": SESSION,
    "offline-policy": (*POOL, "a[href$='/offline-policy/']"),
    "key": (*POOL, "#keys tbody a"),
    "reissue-key": (*POOL, "#keys .cell-action a"),
    "deployment": (*POOL, "a[href$='/deployment/']"),
    "add-key": (*POOL, "a[href$='/keys/add/']"),
    "tags": (*POOL, "a[href$='/tags/']"),
    "contact-and-notes": (*POOL, "a[href$='/notes/']"),
    "only-allow": (*POOL, "a[href$='/rules/allow/']"),
    "add-rule": (*POOL, "#rules .card-head a"),
    "free-device": (*SINGLE_USER, "#devices .cell-action a"),
    "block": (*SESSION, "a[href$='/block/']"),
}
"""Pages behind the first link of this kind on the page before."""


def main() -> None:
    """Take every picture and print where it is."""
    options = arguments()
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright.chromium)
        for look in LOOKS:
            for path in take(browser, look, options):
                print(path)
        browser.close()


def arguments() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--against", default="http://127.0.0.1:8000", metavar="URL")
    parser.add_argument("--email", default="priya.shah@brook.example")
    parser.add_argument("--password", default="only-for-the-demo")
    parser.add_argument("--out", type=Path, default=Path("screenshots"), metavar="FOLDER")
    return parser.parse_args()


def take(browser: Browser, look: str, options: argparse.Namespace) -> Iterator[Path]:
    """Every page in one look."""
    context = browser.new_context(base_url=options.against, **LOOKS[look])
    page = context.new_page()
    for name, path in FOR_ANYBODY.items():
        page.goto(path)
        yield picture(page, options.out / f"{name}-{look}.png")
    sign_in(page, options.email, options.password)
    for name, path in SIGNED_IN.items():
        page.goto(path)
        yield picture(page, options.out / f"{name}-{look}.png")
    for name, (path, *links) in LINKED.items():
        page.goto(path)
        if all(follow(page, link) for link in links):
            yield picture(page, options.out / f"{name}-{look}.png")
    context.close()


def follow(page: Page, link: str) -> bool:
    """Go where the first such link leads, not to its dialog; False if there is none."""
    if not page.locator(link).count():
        return False
    page.goto(page.locator(link).first.get_attribute("href") or "")
    return True


def sign_in(page: Page, email: str, password: str) -> None:
    """Sign in by the form."""
    page.goto("/accounts/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.locator(".profile-menu").wait_for()


def picture(page: Page, path: Path) -> Path:
    """The whole page as a picture."""
    page.screenshot(path=path, full_page=True, animations="disabled")
    return path


if __name__ == "__main__":
    main()
