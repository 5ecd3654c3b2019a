"""The recipes of docs/notifications.md, by a real Alertmanager, against stand-ins of services."""

from __future__ import annotations

import json
import os
import re
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
import yaml

from netwatch.notify.config import read_notify_config
from tests.harness import alertmanager
from tests.harness.ports import free_port
from tests.harness.processes import program
from tests.harness.waiting import eventually
from tests.notify.fakes import FakeServices, fake_mail, fake_services

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "notifications.md"

LASTED = timedelta(minutes=65)
BEGUN = datetime.now(UTC).replace(microsecond=0) - LASTED
BEGUN_HERE = f"{BEGUN + timedelta(hours=7):%H:%M %d/%m/%Y}"


def blocks(language: str) -> list[str]:
    """The pieces of the page in a language, as its readers copy them."""
    text = PAGE.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def recipes() -> dict[str, Any]:
    """The ways of a receiver, as the page has them."""
    ways: dict[str, Any] = {}
    for block in blocks("yaml"):
        ways |= yaml.safe_load(block)
    return ways


@dataclass
class Told:
    """A running Alertmanager, and what everybody was told."""

    address: str
    services: FakeServices
    mails: list[EmailMessage]

    def send(self, **times: str) -> None:
        alert = {
            "labels": {"alertname": "NetwatchLinkDown", "severity": "critical", "cause": "link:a"},
            "annotations": {
                "summary": "Đứt đường truyền a: 3 điểm mất kết nối / Line a is cut: 3",
                "description": "Nhà mạng VNPT. / Carrier VNPT.",
                "runbook": "docs/runbooks/NetwatchLinkDown.md",
            },
            "startsAt": BEGUN.isoformat(),
            **times,
        }
        alertmanager.post(self.address, alert)

    def counts(self) -> tuple[int, int, int, int]:
        kinds = self.mails, self.services.telegram, self.services.sms, self.services.zalo
        return len(kinds[0]), len(kinds[1]), len(kinds[2]), len(kinds[3])


def configuration(services: FakeServices, mail: int, bridge: int) -> Any:
    """The shipped one, and the page's recipes for who is on watch."""
    shipped = alertmanager.shipped()
    shipped["global"] |= {"smtp_smarthost": f"127.0.0.1:{mail}", "smtp_require_tls": False}
    for route in shipped["route"]["routes"]:
        if route["receiver"] == "on-watch":
            route.update(alertmanager.SOONER)
    ways = recipes()
    ways["telegram_configs"][0]["api_url"] = services.url
    hook = ways["webhook_configs"][0]
    hook["url"] = hook["url"].replace("127.0.0.1:10885", f"127.0.0.1:{bridge}")
    for receiver in shipped["receivers"]:
        if receiver["name"] == "on-watch":
            receiver.clear()
            receiver |= {"name": "on-watch", **ways}
    return shipped


@contextmanager
def bridge(home: Path, services: FakeServices) -> Iterator[int]:
    """``netwatch notify`` with the page's file; returns its port."""
    config = blocks("toml")[0]
    config = config.replace("/var/lib/netwatch-notify", str(home))
    config = config.replace("https://sms.netwatch.example/send", f"{services.url}/sms")
    config = config.replace('app_id = "1234567890"', 'app_id = "1234"')
    config = config.replace("[zalo]", f'[zalo]\napi = "{services.url}"\noauth = "{services.url}"')
    (home / "notify.toml").write_text(config, encoding="utf-8")
    tokens = home / "zalo.json"
    tokens.touch(mode=0o600)
    tokens.write_text(json.dumps({"refresh_token": services.refresh_token}))
    port = free_port()
    address = f"127.0.0.1:{port}"
    command = [sys.executable, "-m", "netwatch", "notify", "--address", address, "--config"]
    environment = {
        "PATH": os.environ["PATH"],
        "NETWATCH_SECRET_ZALO_APP": "zalo-app-key",
        "NETWATCH_SECRET_SMS_GATEWAY": "Bearer sms-key",
    }
    with program([*command, home / "notify.toml"], home / "notify.log", env=environment):
        eventually(lambda: _answers(f"http://{address}/-/healthy"))
        yield port


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    with (
        fake_services() as services,
        fake_mail() as (mails, mail),
        bridge(tmp_path, services) as port,
        alertmanager.launched(tmp_path, configuration(services, mail, port)) as address,
    ):
        yield Told(address, services, mails)


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_everybody_is_told_as_it_begins_and_when_it_is_over(told: Told) -> None:
    told.send()
    eventually(lambda: told.counts() == (1, 1, 1, 1))
    begin = f"SỰ CỐ: Đứt đường truyền a: 3 điểm mất kết nối\nNhà mạng VNPT.\nBáo lúc {BEGUN_HERE}"
    ((token, body),) = told.services.telegram
    assert token == "123456:TOKEN"
    assert str(body["chat_id"]) == "-1001234567890"
    assert body["text"].strip() == begin
    assert told.services.zalo == [("2468013579", begin)]
    ((authorization, short),) = told.services.sms
    assert authorization == "Bearer sms-key"
    assert short["to"] == "+84900000001"
    assert short["text"].startswith("SU CO: Dut duong truyen a: 3 diem mat ket noi\n")
    (mail,) = told.mails
    assert mail["To"] == "on-watch@netwatch.example"
    subject = "[SỰ CỐ / FAULT] Đứt đường truyền a: 3 điểm mất kết nối / Line a is cut: 3"
    assert mail["Subject"] == subject
    assert f"Báo lúc / Told at: {BEGUN_HERE}" in text_of(mail)

    ended = BEGUN + LASTED
    told.send(endsAt=ended.isoformat())
    eventually(lambda: told.counts() == (2, 2, 2, 2))
    end = f"Hết lúc {ended + timedelta(hours=7):%H:%M %d/%m/%Y}, kéo dài "
    assert f"{end}1 giờ 05 phút" in told.services.zalo[1][1]
    assert told.services.zalo[1][1].startswith("ĐÃ HẾT: Đứt đường truyền a")
    assert f"{end}65 phút" in told.services.telegram[1][1]["text"]
    assert "SU CO" not in told.services.sms[1][1]["text"]
    assert "hết lúc / over at: " in text_of(told.mails[1])


def test_what_zalo_does_not_take_comes_again_and_nobody_is_told_twice(told: Told) -> None:
    told.services.zalo_errors = [-32, -32]
    told.send()
    eventually(lambda: told.counts() == (1, 1, 1, 1))
    time.sleep(5)  # two more intervals of Alertmanager, in which nothing may come
    assert told.counts() == (1, 1, 1, 1)


def test_the_file_that_is_shipped_is_that_of_the_page() -> None:
    shipped = (ROOT / "config" / "notify.toml").read_text(encoding="utf-8")
    assert tomllib.loads(shipped) == tomllib.loads(blocks("toml")[0])
    assert read_notify_config(ROOT / "config" / "notify.toml").sms is not None


def test_the_page_has_a_recipe_for_each_way() -> None:
    assert set(recipes()) == {"email_configs", "telegram_configs", "webhook_configs"}
