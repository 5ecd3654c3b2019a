"""What must not be read anywhere: passwords, their hashes, keys."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from prometheus_client import generate_latest

from netwatch.web.config.load import load_web_config
from tests.harness.served import HASH, PASSWORD, TLS, USERS, make_certificates, served
from tests.web.test_login import basic
from tests.web.test_tls import curl


async def test_no_secret_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    tls = make_certificates(tmp_path)
    key = (tls / "gate.key").read_text(encoding="utf-8").splitlines()[1]
    secrets = [PASSWORD, HASH, HASH[7:], key, "guess-of-somebody"]
    async with served(tls, TLS + USERS) as server:
        guess = basic("lan", "guess-of-somebody")["Authorization"]
        secrets.append(guess.split()[1])
        answers = [await curl(tls, server.port, "--header", f"Authorization: {guess}")]
        answers.append(await curl(tls, server.port, "--user", f"lan:{PASSWORD}"))
        (tls / "web.yml").write_text(f"{TLS}{USERS}  hoa: {HASH}x\n", encoding="utf-8")
        await server.until_told("netwatch_web_config_last_reload_successful", 0)
        metrics = generate_latest(server.registry).decode()
    (tls / "web.yml").write_text(TLS + USERS, encoding="utf-8")
    told = repr(load_web_config(tls / "web.yml")) + caplog.text + metrics + str(answers)
    assert [status for _, status in answers] == ["401", "200"]
    assert "web.yml:6: hoa: is no bcrypt hash" in caplog.text
    for secret in secrets:
        assert secret not in told


def test_a_key_that_all_may_read_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    tls = make_certificates(tmp_path)
    (tls / "web.yml").write_text(TLS, encoding="utf-8")
    load_web_config(tls / "web.yml")
    assert not caplog.messages
    (tls / "gate.key").chmod(0o644)
    load_web_config(tls / "web.yml")
    assert caplog.messages == ["gate.key is open to every user; run chmod o-rwx on it"]
