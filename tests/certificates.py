"""Certificates for servers of tests on loopback."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


def secured(server, folder, address="127.0.0.1"):
    """The server by TLS, with a certificate that ``trusted`` names and nobody knows."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = serialization.Encoding.PEM
    server.trusted, private = folder / "certificate.pem", folder / "key.pem"
    server.trusted.write_bytes(self_signed(key, address).public_bytes(pem))
    private.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server.trusted, private)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return server


def self_signed(key, address):
    """A certificate for this address that says of itself that it may be believed."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    named = x509.IPAddress(ipaddress.ip_address(address))
    return (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([named]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
