"""A provider that runs here and says what a test tells it to."""

from __future__ import annotations

import base64
import contextlib
import functools
import hmac
import json
import threading

import flask
import oidc_provider_mock
import werkzeug.serving
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.portal.sso.provider import PEOPLE


class Lies:
    """What is put into each ID token in place of the truth, and who signs it how."""

    def __init__(self) -> None:
        self.tell()

    def tell(self, *, is_signed=True, header=None, secret=None, documents=None, **claims):
        """Say this from now on; a claim that is None is left out.

        With a ``header`` of its own the token is signed by HMAC with the ``secret``, or by
        nobody. ``documents`` change what stands at the provider's paths.
        """
        self.is_signed = is_signed
        self.header = header
        self.secret = secret
        self.documents = documents or {}
        self.claims = claims


@contextlib.contextmanager
def run():
    """Its address, and the lies that it tells."""
    app, lies = oidc_provider_mock.app(user_claims=PEOPLE), Lies()
    app.after_request(lambda response: forged(response, lies))
    server = werkzeug.serving.make_server("localhost", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}", lies
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def forged(response, lies):
    """The answer, with another ID token, or changed as a whole."""
    path = flask.request.path
    if path == "/oauth2/token" and response.status_code == 200:
        answer = response.get_json()
        answer["id_token"] = id_token(answer["id_token"], lies)
        response.set_data(json.dumps(answer))
    if path in lies.documents:
        response.set_data(json.dumps(lies.documents[path](response.get_json())))
    return response


def id_token(told, lies):
    """The ID token in place of the one that would be told."""
    key = flask.g.oidc_provider_mock_storage.jwk
    truth = jwt.decode(told, key)
    header = {"alg": "RS256", "kid": truth.header["kid"]} | (lies.header or {})
    signing = key if lies.is_signed else another_key()
    parts = [without_none(header), without_none(truth.claims | lies.claims)]
    signed = b".".join(encoded(json.dumps(part).encode()) for part in parts)
    return b".".join([signed, encoded(signature(signed, signing, lies))]).decode()


@functools.cache
def another_key():
    """A key that is not the provider's; making one takes long."""
    return RSAKey.generate_key(2048)


def without_none(claims):
    """What is told of these."""
    return {name: value for name, value in claims.items() if value is not None}


def signature(text, key, lies):
    """The true signature unless the header lies: then by a secret, or none."""
    if lies.header is None:
        return key.private_key.sign(text, padding.PKCS1v15(), hashes.SHA256())
    return hmac.digest(lies.secret(key), text, "sha256") if lies.secret else b""


def encoded(text):
    """Base64 as tokens have it."""
    return base64.urlsafe_b64encode(text).rstrip(b"=")
