"""A SAML identity provider (pysaml2) that says, and signs (signxml), what a test tells it to."""

from __future__ import annotations

import base64
import contextlib
import datetime
import html
import threading
from urllib.parse import parse_qs, urlsplit

import flask
import werkzeug.serving
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from saml2 import BINDING_HTTP_REDIRECT
from saml2.authn_context import PASSWORD
from saml2.config import IdPConfig
from saml2.metadata import entity_descriptor
from saml2.saml import NAMEID_FORMAT_PERSISTENT, NameID
from saml2.server import Server
from signxml import XMLSigner
from signxml.algorithms import CanonicalizationMethod, SignatureConstructionMethod

DS = "http://www.w3.org/2000/09/xmldsig#"
SAML = "urn:oasis:names:tc:SAML:2.0:assertion"


class KeyPair:
    """What a provider signs with."""

    def __init__(self, *, days=365):
        self.key = rsa.generate_private_key(65537, 2048)
        now = datetime.datetime.now(datetime.UTC)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "login.brook.example")])
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
        builder = builder.public_key(self.key.public_key()).serial_number(1)
        builder = builder.not_valid_before(now).not_valid_after(now + datetime.timedelta(days))
        self.certificate = builder.sign(self.key, hashes.SHA256())

    def pem(self):
        """The certificate as text."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()


class SamlProvider:
    """The provider at one address."""

    def __init__(self, address, folder):
        self.address = address
        self.folder = folder
        self.keys = KeyPair()
        self.server = Server(config=self.config())

    def config(self):
        """How pysaml2 is set up: with the certificate that the provider has now."""
        certificate = self.folder / "certificate.pem"
        certificate.write_text(self.keys.pem())
        sign_in = {"single_sign_on_service": [(f"{self.address}/sign-in", BINDING_HTTP_REDIRECT)]}
        return IdPConfig().load(
            {
                "entityid": f"{self.address}/metadata",
                "service": {"idp": {"endpoints": sign_in, "policy": {"default": {}}}},
                "cert_file": str(certificate),
                "crypto_backend": "XMLSecurity",  # for what this process does not ask of it
            }
        )

    def metadata(self):
        """What it says of itself."""
        return str(entity_descriptor(self.config()))

    def renew_keys(self):
        """Sign with other keys from now on."""
        self.keys = KeyPair()

    def know(self, portal):
        """Learn of a portal by its metadata."""
        self.server.metadata = self.server.config.load_metadata({"inline": [portal]})

    def asked(self, location):
        """The request that a browser brings."""
        [request] = parse_qs(urlsplit(location).query)["SAMLRequest"]
        return self.server.parse_authn_request(request, BINDING_HTTP_REDIRECT).message

    def answer(self, location, **told):
        """The form by which a browser sent there comes back: its address and fields."""
        asked = self.asked(location)
        said = self.said(asked, **told)
        return asked.assertion_consumer_service_url, encoded(said)

    def said(
        self,
        asked,
        email,
        *,
        name_id="",
        name_format=NAMEID_FORMAT_PERSISTENT,
        signed_in_at=None,
        alter=lambda response: None,
        signed=("Assertion",),
        keys=None,
        **attributes,
    ):
        """The answer to a request as XML; ``alter`` changes it before it is signed."""
        written = self.server.create_authn_response(
            {"mail": email, **attributes} if email else attributes,
            in_response_to=asked.id,
            destination=asked.assertion_consumer_service_url,
            sp_entity_id=asked.issuer.text,
            name_id=NameID(format=name_format, text=name_id or email),
            authn={"class_ref": PASSWORD, "authn_instant": signed_in_at},
            sign_response=False,
            sign_assertion=False,
        )
        response = etree.fromstring(str(written).encode())
        alter(response)
        if "Assertion" in signed:
            assertion = response.find(f"{{{SAML}}}Assertion")
            response.replace(assertion, sign(assertion, keys or self.keys))
        return sign(response, keys or self.keys) if "Response" in signed else response


def sign(element, keys, algorithm="rsa-sha256"):
    """The element with its signature, where SAML wants to have it."""
    issuer = element.find(f"{{{SAML}}}Issuer")
    issuer.addnext(etree.Element(f"{{{DS}}}Signature", {"Id": "placeholder"}))
    signer = XMLSigner(
        method=SignatureConstructionMethod.enveloped,
        signature_algorithm=algorithm,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    pem = keys.pem()
    return signer.sign(element, key=keys.key, cert=pem, reference_uri=element.get("ID"))


def encoded(response):
    """The form that carries an answer."""
    return {"SAMLResponse": base64.b64encode(etree.tostring(response)).decode(), "RelayState": ""}


def decoded(form):
    """The answer that a form carries."""
    return etree.fromstring(base64.b64decode(form["SAMLResponse"]))


@contextlib.contextmanager
def run(folder, emails=()):
    """The provider, and a server that shows its pages to browsers; it signs these people in."""
    app = flask.Flask("saml-provider")
    server = werkzeug.serving.make_server("127.0.0.1", 0, app, threaded=True)
    provider = SamlProvider(f"http://127.0.0.1:{server.server_port}", folder)
    app.add_url_rule("/metadata", view_func=provider.metadata)
    app.add_url_rule("/sign-in", "sign_in", lambda: sign_in_page(provider, emails))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def sign_in_page(provider, emails):
    """Where somebody says who they are."""
    forms = []
    for email in emails:
        action, fields = provider.answer(flask.request.url, email=email)
        inputs = "".join(
            f'<input type="hidden" name="{name}" value="{html.escape(value)}">'
            for name, value in fields.items()
        )
        button = f"<button>Sign in as {email}</button>"
        forms.append(f'<form method="post" action="{action}">{inputs}{button}</form>')
    return f"<!doctype html><title>Sign in</title>{''.join(forms)}"
