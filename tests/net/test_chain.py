"""Until when a chain holds: its earliest end, of a chain that was refused too."""

from __future__ import annotations

import datetime as dt
import ssl
import time
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from netwatch.net.errors import NetworkError
from netwatch.net.trust import trust_now
from netwatch.probes.certificates import CERTIFICATE_END
from netwatch.probes.tls import PROBE
from tests.harness.servers import NAME, Authority, measure, said, served, silent

LONG = 60.0
"""Seconds that no machine needs."""


class Issued(NamedTuple):
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def issue(name: str, days: float, issuer: Issued | None, *, authority: bool) -> Issued:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=9))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(issuer.key if issuer else key, hashes.SHA256())
    )
    return Issued(certificate, key)


def pem(issued: Issued) -> bytes:
    return issued.certificate.public_bytes(serialization.Encoding.PEM)


def chain(folder: Path, root: float, middle: float, leaf: float) -> tuple[ssl.SSLContext, Path]:
    """A server's context and its authorities' file, of certificates that end in so many days."""
    top = issue("root", root, None, authority=True)
    between = issue("middle", middle, top, authority=True)
    server = issue(NAME, leaf, between, authority=False)
    key = server.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "server.pem").write_bytes(pem(server) + pem(between) + key)
    (folder / "ca.pem").write_bytes(pem(top))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context, folder / "ca.pem"


@pytest.mark.parametrize(
    ("root", "middle", "leaf", "outcome"),
    [
        (900, 300, 90, "success"),
        (900, 2, 300, "success"),
        (3, 900, 300, "success"),
        (900, -1, 300, "failure"),
        (900, 300, -1, "failure"),
        (-1, 300, 90, "failure"),
    ],
)
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_the_earliest_end_of_the_chain_is_told(  # noqa: PLR0913, PLR0917 (a table)
    tmp_path: Path,
    root: float,
    middle: float,
    leaf: float,
    outcome: str,
    version: ssl.TLSVersion,
) -> None:
    tls, bundle = chain(tmp_path, root, middle, leaf)
    tls.minimum_version = tls.maximum_version = version
    async with served(silent, tls=tls) as port:
        keys = {"port": port, "name": NAME, "ca": str(bundle)}
        result = await measure(PROBE, keys, timeout=LONG)
    reason = "ok" if outcome == "success" else "certificate_expired"
    assert said(result) == (outcome, reason)
    (fact,) = result.facts
    assert fact.name == CERTIFICATE_END.name
    assert fact.value == pytest.approx(time.time() + min(root, middle, leaf) * 86400, abs=LONG * 9)


async def test_the_system_s_authorities_are_read_anew_when_they_change(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "store"
    (store / "certs").mkdir(parents=True)
    system = store / "ca-certificates.crt"
    system.write_bytes(b"")
    monkeypatch.setenv("SSL_CERT_FILE", str(system))
    monkeypatch.setenv("SSL_CERT_DIR", str(store / "certs"))
    async with served(silent, tls=authority.context([NAME])) as port:
        keys = {"port": port, "name": NAME}
        before = await measure(PROBE, keys, timeout=LONG)
        fresh = store / "new"
        fresh.write_bytes(authority.bundle.read_bytes())
        fresh.replace(system)  # as update-ca-certificates does
        after = await measure(PROBE, keys, timeout=LONG)
        system.write_bytes(b"")
        again = await measure(PROBE, keys, timeout=LONG)
    assert said(before) == said(again) == ("failure", "certificate_invalid")
    assert said(after) == ("success", "ok")


async def test_a_file_of_authorities_that_is_gone_is_this_machine_s_trouble(
    authority: Authority, tmp_path: Path
) -> None:
    bundle = tmp_path / "gone.pem"
    bundle.write_bytes(authority.bundle.read_bytes())
    trust_now(str(bundle))
    bundle.unlink()
    with pytest.raises(NetworkError, match="is not a readable file") as told:
        trust_now(str(bundle))
    assert told.value.reason == "local_error"
