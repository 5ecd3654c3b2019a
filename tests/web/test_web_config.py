"""The web configuration file: what is taken, and how what can't be served is refused."""

from __future__ import annotations

import json
import shutil
import ssl
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.core.errors import ConfigError, Problem
from netwatch.web.config.load import load_web_config
from tests.harness.requirements import require_tool
from tests.harness.served import CLIENTS, HASH, TLS, USERS, make_certificates

EXAMPLE = Path(__file__).parents[2] / "config" / "web.yml"


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificates(tmp_path_factory.mktemp("config"))


def written(tls: Path, text: str) -> Path:
    (tls / "web.yml").write_text(text, encoding="utf-8")
    return tls / "web.yml"


def complaints(tls: Path, text: str, *act_users: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_web_config(written(tls, text), act_users)
    return [line.removeprefix(f"{tls}/") for line in str(caught.value).splitlines()]


def test_an_empty_file_asks_for_nothing(tls: Path) -> None:
    config = load_web_config(written(tls, ""))
    assert (config.tls, config.users, config.headers, config.rate.interval) == (None, {}, {}, 0)


def test_everything_that_is_served_at_once(tls: Path) -> None:
    text = TLS + CLIENTS + "  client_allowed_sans: [prometheus, 10.16.0.9]\n"
    text += "  min_version: TLS12\n  max_version: TLS13\n  prefer_server_cipher_suites: false\n"
    text += "  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]\n"
    text += "  curve_preferences: [CurveP384]\n"
    text += "http_server_config:\n  http2: false\n  headers:\n    X-Frame-Options: deny\n"
    text += "    Strict-Transport-Security: max-age=31536000\n"
    text += USERS + "rate_limit: {interval: 1m30.5s, burst: 20}\n"
    config = load_web_config(written(tls, text), ["lan"])
    assert config.tls is not None
    assert config.tls.verify_mode == ssl.CERT_REQUIRED
    assert config.tls.minimum_version == ssl.TLSVersion.TLSv1_2
    old = {cipher["name"] for cipher in config.tls.get_ciphers() if cipher["protocol"] != "TLSv1.3"}
    assert old == {"ECDHE-ECDSA-AES256-GCM-SHA384"}
    assert config.allowed_sans == {"prometheus", "10.16.0.9"}
    assert config.headers == {
        "X-Frame-Options": "deny",
        "Strict-Transport-Security": "max-age=31536000",
    }
    assert config.users == {"lan": HASH.encode()}
    assert config.act_users == {"lan"}
    assert (config.rate.interval, config.rate.burst) == (90.5, 20)
    assert {path.name for path in config.files} == {"web.yml", "gate.crt", "gate.key", "ca.crt"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("tls_server_confg: {}\n", "web.yml:1: unknown key 'tls_server_confg'; did you mean tls_s"),
        ("tls_server_config:\n  cert_file: gate.crt\n", "web.yml:1: key_file is missing; add it"),
        (TLS + "  cert: PEM\n", "web.yml:4: cert: is not taken from this file; write it into a"),
        (TLS + "  key: PEM\n", "web.yml:4: key: is not taken from this file; write it into a"),
        (TLS + "  client_ca: PEM\n", "web.yml:4: client_ca: is not taken from this file; write"),
        (TLS + "  min_version: TLS11\n", "web.yml:4: min_version: TLS11 is no longer secure; wri"),
        (TLS + "  max_version: TLS10\n", "web.yml:4: max_version: TLS10 is no longer secure; wri"),
        (TLS + "  min_version: '1.2'\n", "web.yml:4: min_version must be 'TLS12' or 'TLS13'"),
        (
            TLS + "  min_version: TLS13\n  max_version: TLS12\n",
            "web.yml:5: max_version: is older than min_version; leave it out",
        ),
        (
            TLS + "  client_auth_type: RequireAnyClientCert\n",
            "web.yml:4: client_auth_type: RequireAnyClientCert is not served: OpenSSL verifies",
        ),
        (
            TLS + "  client_auth_type: RequestClientCert\n",
            "web.yml:4: client_auth_type: RequestClientCert is not served: OpenSSL verifies",
        ),
        (
            TLS + "  client_auth_type: RequireAndVerifyClientCert\n",
            "web.yml:4: client_auth_type: needs client_ca_file; name the authority of clients",
        ),
        (
            TLS + "  client_ca_file: ca.crt\n",
            "web.yml:4: client_ca_file: needs client_auth_type: RequireAndVerifyClientCert",
        ),
        (
            TLS + "  client_allowed_sans: [a]\n",
            "web.yml:4: client_allowed_sans: needs client_auth_type: RequireAndVerifyClientCert",
        ),
        (
            TLS + "  cipher_suites: [TLS_RSA_WITH_RC4_128_SHA]\n",
            "web.yml:4: cipher_suites: 'TLS_RSA_WITH_RC4_128_SHA' is not served; use suites of TLS",
        ),
        (
            TLS + "  curve_preferences: [X25519, CurveP256]\n",
            "web.yml:4: curve_preferences: takes one curve here; write one, or leave it out",
        ),
        (
            TLS + "  curve_preferences: [P256]\n",
            "web.yml:4: curve_preferences: 'P256': use one of CurveP256, ",
        ),
        (
            TLS.replace("gate.key", "gone.key"),
            "web.yml:3: key_file: {tls}/gone.key: No such file or directory; correct the path",
        ),
        (
            TLS.replace("gate.key", "ca.key"),
            "web.yml:2: cert_file: {tls}/gate.crt is not a certificate in PEM, or {tls}/ca.key not",
        ),
        (
            TLS.replace("gate.crt", "."),
            "web.yml:2: cert_file: {tls} is no file of at most 1 MiB; write PEM into it",
        ),
        (
            TLS + CLIENTS.replace("ca.crt", "gate.key"),
            "web.yml:4: client_ca_file: {tls}/gate.key: no certificate; write PEM into it",
        ),
        ("http_server_config: {http2: true}\n", "web.yml:1: http2: HTTP/2 is not served; write fa"),
        (
            "http_server_config:\n  headers:\n    X-Powered-By: us\n",
            "web.yml:3: unknown key 'X-Powered-By'; use one of Content-Security-Policy, ",
        ),
        (
            'http_server_config:\n  headers:\n    X-XSS-Protection: "1\\r\\nSet-Cookie: a=b"\n',
            "web.yml:3: X-XSS-Protection: must be printable ASCII; leave the key out for what is",
        ),
        (
            "http_server_config:\n  headers:\n    X-Frame-Options: allow\n",
            "web.yml:3: X-Frame-Options: must be deny or sameorigin",
        ),
        (
            "basic_auth_users:\n  lan: hunter2\n",
            "web.yml:2: lan: is no bcrypt hash; make one with:",
        ),
        (
            f"basic_auth_users:\n  lan: {HASH.replace('$04$', '$31$')}\n",
            "web.yml:2: lan: costs more than 14, seconds each time; make it with 12",
        ),
        (f'basic_auth_users:\n  "a:b": {HASH}\n', "web.yml:2: a:b: a user has 1 to 128 printable"),
        ("basic_auth_users: [lan]\n", "web.yml:1: basic_auth_users must be a mapping; write key: "),
        ("rate_limit: {interval: 1s}\n", "web.yml:1: needs burst, how many requests may come at"),
        ("rate_limit: {interval: soon}\n", "web.yml:1: interval: must be a duration as 1s, 500ms"),
        ("rate_limit: {burst: -1}\n", "web.yml:1: burst must be at least 0"),
        ("basic_auth_users:\n  lan: *anchor\n", "web.yml:2: alias *anchor is not allowed; write"),
        ("- a\n", "web.yml:1: must begin with a section, e.g. sites:"),
    ],
)
def test_what_can_not_be_served_is_refused_with_key_line_and_remedy(
    tls: Path, text: str, complaint: str
) -> None:
    found = complaints(tls, text)
    assert found[0].startswith(complaint.replace("{tls}", str(tls))), found
    assert "hunter2" not in "".join(found)
    assert HASH[7:] not in "".join(found)


def test_who_may_act_is_one_of_the_users(tls: Path) -> None:
    [complaint] = complaints(tls, USERS, "lam")
    assert complaint == (
        "web_act_users: 'lam' is not in basic_auth_users of web_config; did you mean lan?"
    )


def test_a_key_with_a_password_is_refused_and_not_asked_for(tls: Path) -> None:
    locked = tls / "locked.key"
    command = [require_tool("openssl"), "pkey", "-aes256", "-passout", "pass:secret"]
    subprocess.run([*command, "-in", tls / "gate.key", "-out", locked], check=True)
    [complaint] = complaints(tls, TLS.replace("gate.key", "locked.key"))
    assert "not its key without password; give both of one pair" in complaint


def test_the_example_is_right_also_for_prometheus(tmp_path: Path, tls: Path) -> None:
    for name, source in (("netwatch.crt", "gate.crt"), ("netwatch.key", "gate.key")):
        shutil.copy(tls / source, tmp_path / name)
    shutil.copy(tls / "ca.crt", tmp_path)
    shutil.copy(EXAMPLE, tmp_path / "web.yml")
    config = load_web_config(tmp_path / "web.yml")
    assert config.tls is not None
    assert config.users
    command = [require_tool("promtool"), "check", "web-config", str(tmp_path / "web.yml")]
    subprocess.run(command, check=True, capture_output=True)


@given(st.binary(max_size=200))
def test_any_file_is_taken_or_refused_in_lines(data: bytes) -> None:
    _taken_or_refused(data)


_KEYS = st.sampled_from(
    [
        *("tls_server_config", "http_server_config", "basic_auth_users", "rate_limit", "headers"),
        *("cert_file", "key_file", "client_ca_file", "client_auth_type", "min_version", "http2"),
        *("cipher_suites", "curve_preferences", "interval", "burst", "X-Frame-Options", "lan"),
    ]
)
_VALUES = st.sampled_from(["gate.crt", "TLS12", "true", "1s", "0", HASH, "\0", "\x85", "a" * 999])


@given(st.recursive(_VALUES | st.text(), lambda inner: st.dictionaries(_KEYS, inner)))
def test_any_value_at_any_key_is_taken_or_refused_in_lines(tree: object) -> None:
    _taken_or_refused(json.dumps({"basic_auth_users": tree}).encode())
    _taken_or_refused(json.dumps(tree if isinstance(tree, dict) else {"cert": tree}).encode())
    tls = {"cert_file": tree, "key_file": tree} | (tree if isinstance(tree, dict) else {})
    _taken_or_refused(json.dumps({"tls_server_config": tls}).encode(), quoting_paths=True)


def _taken_or_refused(data: bytes, *, quoting_paths: bool = False) -> None:
    with tempfile.TemporaryDirectory() as home:
        file = Path(home) / "web.yml"
        file.write_bytes(data)
        problems: tuple[Problem, ...] = ()
        try:
            load_web_config(file)
        except ConfigError as error:
            problems = error.problems
        assert all(problem.place.startswith(home) for problem in problems)
        assert quoting_paths or not any(HASH in problem.message for problem in problems)
