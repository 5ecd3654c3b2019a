"""``netwatch gate`` by its command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from netwatch.cli import main
from tests.harness import certificates
from tests.harness.told import tells


@pytest.mark.parametrize(
    ("address", "complaint"),
    [
        ("nonsense", "--address: 'nonsense' is not address:port; write e.g. 127.0.0.1:10880"),
        ("127.0.0.1:0", ": No such file or directory; it needs gate.crt, gate.key and ca.crt"),
    ],
)
def test_what_is_wrong_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], address: str, complaint: str
) -> None:
    options = ["--vantage", "party-office", "--tls", str(tmp_path), "--address", address]
    assert main(["gate", *options]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert tells(line, complaint)


MUTUAL = """
tls_server_config:
  cert_file: gate.crt
  key_file: gate.key
  client_ca_file: ca.crt
  client_auth_type: RequireAndVerifyClientCert
"""


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "web.yml: a gate needs client_auth_type: RequireAndVerifyClientCert; it knows"),
        (
            MUTUAL.replace("RequireAnd", "").replace("Cert\n", "CertIfGiven\n"),
            "web.yml: a gate needs client_auth_type: RequireAndVerifyClientCert; it knows",
        ),
        (
            f"{MUTUAL}basic_auth_users:\n  a: $2b$04${'a' * 53}\n",
            "web.yml: a gate has no basic_auth_users: vantages have certificates; remove them",
        ),
        (MUTUAL + "  min_version: TLS10\n", "web.yml:7: min_version: TLS10 is no longer secure"),
    ],
)
def test_a_web_configuration_has_to_ask_for_certificates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, complaint: str
) -> None:
    tls = certificates.make(tmp_path / "tls", "127.0.0.1")
    (tls / "web.yml").write_text(text, encoding="utf-8")
    options = ["--vantage", "party-office", "--web-config", str(tls / "web.yml")]
    assert main(["gate", *options, "--address", "127.0.0.1:0"]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert tells(line, complaint)
