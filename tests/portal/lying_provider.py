"""A provider that runs here and says what a test tells it to."""

from __future__ import annotations

import contextlib
import json
import threading

import flask
import oidc_provider_mock
import werkzeug.serving
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.portal.provider import PEOPLE


class Lies:
    """What is put into each ID token in place of the truth, and whether it is signed rightly."""

    def __init__(self) -> None:
        self.tell()

    def tell(self, *, is_signed=True, **claims):
        """Say this from now on; a claim that is None is left out."""
        self.is_signed = is_signed
        self.claims = claims


@contextlib.contextmanager
def run():
    """Its address, and the lies that it tells."""
    app, lies = oidc_provider_mock.app(user_claims=PEOPLE), Lies()
    app.after_request(lambda response: forged(response, lies))
    server = werkzeug.serving.make_server("localhost", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1})
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}", lies
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def forged(response, lies):
    """The answer of the token endpoint with another ID token."""
    if flask.request.path != "/oauth2/token":
        return response
    key = flask.g.oidc_provider_mock_storage.jwk
    answer = response.get_json()
    truth = jwt.decode(answer["id_token"], key)
    claims = {name: value for name, value in (truth.claims | lies.claims).items() if value}
    header = {"alg": "RS256", "kid": truth.header["kid"]}
    signing = key if lies.is_signed else RSAKey.generate_key(2048)
    answer["id_token"] = jwt.encode(header, claims, signing)
    response.set_data(json.dumps(answer))
    return response
