"""Answers of a SAML provider: brought to the portal, and changed on the way."""

from __future__ import annotations

from django.test import Client

from tests.portal.sso.saml_provider import SAML

PRIYA = "priya@brook.example"
NAMES = {"saml": SAML, "samlp": "urn:oasis:names:tc:SAML:2.0:protocol"}


def sign_in(browser, provider, account, email=PRIYA, **told):
    """What the portal answers to somebody who comes back from the provider."""
    go = browser.post(f"/accounts/single-sign-on/{account.pk}/login/")
    return come_back(browser, *provider.answer(go["Location"], email=email, **told))


def come_back(browser, address, form):
    """Post the provider's form as a browser does, without our cookies, and follow."""
    kept = Client().post(address, form)
    browser.cookies["saml_answer"] = kept.cookies["saml_answer"].value
    return browser.get(kept["Location"])


def changed(path, attribute, value):
    """A change of one attribute in the answer, before it is signed; None takes it away."""

    def alter(response):
        [element] = response.xpath(path, namespaces=NAMES)
        element.attrib.pop(attribute, None)
        if value is not None:
            element.set(attribute, value)

    return alter


def without(path):
    """An answer that lacks something."""

    def alter(response):
        for element in response.xpath(path, namespaces=NAMES):
            element.getparent().remove(element)

    return alter


def reworded(path, text):
    """An answer in which something else is written."""

    def alter(response):
        for element in response.xpath(path, namespaces=NAMES):
            element.text = text

    return alter
