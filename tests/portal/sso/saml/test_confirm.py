"""The provider is asked again who it is."""

from __future__ import annotations

import time

import pytest

from portal.sent import page_marks
from tests.pages import said
from tests.portal.sso.saml.answers import PRIYA, come_back, sign_in


def reveal(browser, pool):
    """Ask for the key by the form of a page, which waits for the provider's word."""
    form = {page_marks.FIELD: browser.mark()}
    return browser.post(f"/licences/{pool.licence_id}/keys/{pool.pk}/reveal/", form)


def confirm(browser, provider, account, asked, **told):
    """Be sent to the provider by the page that asks, and come back."""
    page = browser.get(asked["Location"])
    form = {"next": page.context["next"], "purpose": "confirm"}
    go = browser.post(f"/accounts/single-sign-on/{account.pk}/login/", form)
    assert provider.asked(go["Location"]).force_authn == "true"
    return come_back(browser, *provider.answer(go["Location"], email=PRIYA, **told))


@pytest.mark.slow
def test_a_key_is_shown_after_the_provider_asked_again(client, provider, single, account, pool):
    sign_in(client, provider, account)
    asked = reveal(client, pool)
    an_hour_ago = int(time.time()) - 3600

    too_old = confirm(client, provider, account, asked, signed_in_at=an_hour_ago)
    response = confirm(client, provider, account, asked)

    text = "Your provider did not confirm that it is you. Try again."
    assert said(too_old)[-1] == ("error", text)
    assert pool.plain in response.text
