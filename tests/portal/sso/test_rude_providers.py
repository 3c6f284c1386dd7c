"""Whatever stands at a provider's addresses: each request ends soon, with words, and never 500."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from portal.models import Protocol, SingleSignOn
from portal.outbound import turns
from tests import rude_server
from tests.pages import said
from tests.people import signed_in
from tests.portal.sso.provider import PRIYA, is_signed_in, sign_in

SETTINGS = "/security/single-sign-on/"
DISCOVERY = "/.well-known/openid-configuration"
RUDE = ("silent", "redirect", "broken", "deep", "list", "empty", "no-json")
"""One of each kind; that whatever is asked outside ends soon is seen in test_asking.py."""


@pytest.fixture(scope="module")
def rude():
    """The address of a server whose paths answer rudely."""
    with rude_server.run() as address:
        yield address


@pytest.fixture(autouse=True)
def _soon(settings, monkeypatch):
    """Nobody outside has more than a moment, and who was slow has no rest to take."""
    settings.SSO_ALLOWS_INTERNAL_PROVIDERS = True
    monkeypatch.setattr(turns, "LONGEST", 0.3)
    monkeypatch.setattr(turns, "UNHURRIED", 9)


def openid(address):
    """The form of an OpenID provider there."""
    return {"issuer": address, "client_id": "portal", "secret": "hush"}


def saml(address):
    """The form of a SAML provider there."""
    return {"protocol": "saml", "metadata_url": address, "metadata": ""}


@pytest.mark.slow
@pytest.mark.parametrize("form", [openid, saml])
def test_no_provider_is_set_up_and_what_was_typed_stays(owner, rude, form):
    for path in RUDE:
        response = owner.post(SETTINGS, form(f"{rude}/{path}"))

        assert response.status_code == 422, path
        assert f"{rude}/{path}" in response.text, path
    assert not SingleSignOn.objects.exists()


@pytest.mark.parametrize("form", [openid, saml])
def test_the_form_says_what_is_wrong_there(owner, rude, form, monkeypatch):
    def words(path):
        response = owner.post(SETTINGS, form(f"{rude}/{path}"))
        return response.context["provider_form"].non_field_errors()[0]

    assert words("silent") == "The server takes too long to answer."
    monkeypatch.undo()
    assert words("endless") == "The server's answer is too large."
    assert words("redirect") == "The address leads on to another one. Give that one."
    assert words("missing") == "The server answers, but has nothing at this address."


NAMED = [
    (
        {"issuer": "http://login.example.com"},
        "The provider there calls itself http://login.example.com. Give that as the issuer.",
    ),
    (
        {"issuer": "Brook's own"},
        "The provider there calls itself by another name than this issuer.",
    ),
    (
        {"token_endpoint": "file:///etc/passwd"},
        "The provider names addresses that do not begin with https.",
    ),
    (
        {"jwks_uri": None},
        "The address answers, but not as an OpenID Connect provider: there is no such document.",
    ),
]


def test_another_provider_than_the_issuer_is_named(owner, liar):
    issuer, lies = liar
    told = []
    for named, _words in NAMED:
        lies.tell(documents={DISCOVERY: lambda found, named=named: found | named})
        response = owner.post(SETTINGS, openid(issuer))
        told += [(named, *response.context["provider_form"].non_field_errors())]

    assert told == NAMED


@pytest.mark.slow
def test_metadata_that_cannot_be_renewed_leaves_what_was_known(owner, account, rude):
    single = SingleSignOn.objects.create(
        account=account, protocol=Protocol.SAML, sign_in_url="https://a.example", certificates=["a"]
    )

    for path in RUDE:
        single.metadata_url = f"{rude}/{path}"
        single.save()
        level, _text = said(owner.post("/security/single-sign-on/renew/"))[-1]
        single.refresh_from_db()
        assert (level, single.certificates) == ("error", ["a"]), path
        assert single.metadata_failed_at is not None, path


def test_a_button_leads_back_here(client, lies, account, rude):
    for path in RUDE:
        SingleSignOn.objects.update(issuer=f"{rude}/{path}")

        response = client.post(f"/accounts/single-sign-on/{account.pk}/login/")

        assert response["Location"] == "/single-sign-on/", path


@pytest.mark.slow
@pytest.mark.parametrize("document", ["token_endpoint", "jwks_uri"])
def test_nobody_comes_in_by_it(client, lies, liar, account, rude, document):
    issuer, _lies = liar
    for path in RUDE:
        elsewhere = {document: f"{rude}/{path}/"}
        lies.tell(
            documents={"/.well-known/openid-configuration": lambda found, e=elsewhere: found | e}
        )
        cache.delete(f"openid:{issuer}")

        response = sign_in(client, PRIYA, account)

        assert response["Location"] == "/single-sign-on/", path
        assert not is_signed_in(client), path


def test_a_test_says_what_is_wrong(lies, account, rude):
    SingleSignOn.objects.update(issuer=f"{rude}/missing")
    owner = signed_in(account.memberships.get().user)

    response = owner.post("/security/single-sign-on/test/")

    text = "The provider did not answer. The server answers, but has nothing at this address."
    assert said(response) == [("error", text)]
