"""The estate, and a browser without scripts to walk through it."""

from __future__ import annotations

import pytest

from tests import estate as estates
from tests.kept import kept
from tests.people import signed_in, unsure
from tests.walks.page import Page


@kept
def estate():
    """An account with something in every state, and its people."""
    return estates.build()


@pytest.fixture
def page():
    """A browser in which nobody is signed in."""
    return Page()


@pytest.fixture
def sign_in():
    """Opens somebody's session in a browser, without the form: ``sign_in(page, estate.owner)``.

    Sensitive acts ask nothing of them, unless they are not ``sure``.
    """

    def by_cookie(page, user, *, sure=True):
        browser = signed_in(user) if sure else unsure(signed_in(user))
        page.client.cookies.update(browser.cookies)

    return by_cookie
