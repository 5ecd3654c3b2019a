"""The lab's certificate authority: one certificate for the addresses of all its servers."""

from __future__ import annotations

import datetime as dt
import ssl
from collections.abc import Iterable
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAYS = 200
"""Days for which the certificate is valid; no lab runs as long."""

BUNDLE = "authority.pem"
"""File that the command inside the lab is told to trust, as the system's authorities."""


def server_context(folder: Path, addresses: Iterable[str]) -> ssl.SSLContext:
    """What the lab's servers speak TLS with; the certificate to trust is left in ``BUNDLE``.

    Args:
        folder: of this lab alone.
        addresses: of its servers.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "netwatch lab")])
    now = dt.datetime.now(dt.UTC)
    names = [x509.IPAddress(ip_address(address)) for address in dict.fromkeys(addresses)]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / BUNDLE).write_bytes(public)
    both = folder / "server.pem"
    both.touch(mode=0o600)
    both.write_bytes(public + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context
