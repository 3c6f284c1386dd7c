"""An owner tries a SAML provider out."""

from __future__ import annotations

from saml2.saml import NAMEID_FORMAT_TRANSIENT

from licensing.models import AuditEntry
from tests.pages import said
from tests.portal.sso.saml.answers import PRIYA, changed, come_back


def test_a_test_counts_and_says_what_is_missing(priya, provider, single, account):
    def tested(**told):
        go = priya.post("/security/single-sign-on/test/")
        return said(come_back(priya, *provider.answer(go["Location"], email=PRIYA, **told)))[-1]

    refused = tested(name_format=NAMEID_FORMAT_TRANSIENT)
    passed = tested()

    assert refused == (
        "error",
        "The provider answered, but names people anew each time. Let it send a lasting name ID, "
        "such as a persistent one.",
    )
    assert passed[0] == "success"
    single.refresh_from_db()
    assert single.tested_at is not None
    assert AuditEntry.objects.filter(action="sso_tested").count() == 1


def test_what_the_provider_refuses_is_told(priya, provider, single):
    status = "urn:oasis:names:tc:SAML:2.0:status:Responder"
    go = priya.post("/security/single-sign-on/test/")
    refusal = changed("//samlp:StatusCode", "Value", status)

    response = come_back(priya, *provider.answer(go["Location"], email=PRIYA, alter=refusal))

    assert said(response)[-1][1].startswith("The provider sent you back without signing you in.")
