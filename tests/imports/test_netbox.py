"""NetBox to an inventory: its shapes, its pages, its moods; what people wrote is never touched."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from netwatch.cli import main
from netwatch.imports.netbox import client
from netwatch.inventory.load import load_inventory
from netwatch.inventory.model import Inventory
from netwatch.probes import schemas
from tests.harness.netbox import TOKEN, FakeNetbox, as_netbox, netbox_at_work
from tests.harness.servers import Authority
from tests.harness.workbooks import rows
from tests.imports.conftest import PROVINCE, Import, Said

Sync = Callable[..., Said]


@pytest.fixture
def sync(tmp_path: Path, into: Path, capsys: pytest.CaptureFixture[str]) -> Sync:
    token, mapping = tmp_path / "token", tmp_path / "netbox.map.yaml"
    token.write_text(f"{TOKEN}\n")
    token.chmod(0o600)
    mapping.write_text(PROVINCE, "utf-8")

    def sync(fake: FakeNetbox, *options: str, tls: ssl.SSLContext | None = None) -> Said:
        with netbox_at_work(fake, tls) as url:
            status = main(
                [
                    *("inventory", "sync", "netbox", "--url", url, "--token-file", str(token)),
                    *("--into", str(into), "--map", str(mapping), *options),
                ]
            )
        said = capsys.readouterr()
        assert TOKEN not in said.out + said.err
        return Said(status, said.out, said.err)

    return sync


def loaded(into: Path) -> Inventory:
    return load_inventory(into, schemas())


@pytest.mark.parametrize("version", ["3.7", "4.2"])
def test_the_same_province_as_from_its_workbook(into: Path, sync: Sync, version: str) -> None:
    fake = FakeNetbox(as_netbox(rows(40), version))
    said = sync(fake)
    assert said.status == 0, said.err
    assert not into.exists()
    assert sync(fake, "--apply").status == 0
    inventory = loaded(into)
    assert len(inventory.sites) == 40
    by_name = {site.name_vi: site for site in inventory.sites.values()}
    lam = by_name["Xã An Lâm"]
    assert lam.source == "netbox"
    assert lam.tier == "commune"
    assert lam.parent is not None
    assert inventory.sites[lam.parent].name_vi.startswith("UBND huyện")
    assert lam.targets["router"].vendor == "Cisco"
    assert lam.uplink.capacity == 20e6
    assert lam.uplink.interface == "Gi0/0"
    assert by_name["Sở Nội vụ"].parent == "site-1"
    again = sync(fake)
    assert "không có gì thay đổi" in again.out


def test_what_people_wrote_is_never_touched(into: Path, sync: Sync) -> None:
    fake = FakeNetbox(as_netbox(rows(40), "4.2"))
    sync(fake, "--apply")
    district = next(into.glob("district/*.yaml"))
    text = district.read_text("utf-8")
    begin = text.index("  site-10:")
    entry = text[begin : text.index("\n\n", begin)]
    own = entry.replace("    source: netbox\n", "    # của ta\n").replace("Xã", "Xã cũ")
    district.write_text(text.replace(entry, own), "utf-8")
    fake.objects["dcim/sites"][9]["name"] = "Xã khác"
    fake.objects["dcim/sites"][11]["name"] = "Xã đổi tên"
    said = sync(fake, "--apply")
    assert said.status == 0, said.err
    assert own in district.read_text("utf-8")
    assert "1 điểm viết tay, không đụng tới / written by hand, and left alone: site-10" in said.out
    assert loaded(into).sites["site-12"].name_vi == "Xã đổi tên"


def test_what_is_planned_retired_or_gone(into: Path, sync: Sync) -> None:
    fake = FakeNetbox(as_netbox(rows(40), "4.2"))
    fake.objects["dcim/sites"][20]["status"] = {"value": "planned", "label": "Planned"}
    fake.objects["dcim/sites"][21]["status"] = {"value": "retired", "label": "Retired"}
    sync(fake, "--apply")
    inventory = loaded(into)
    assert inventory.sites["site-21"].state == "planned"
    assert "site-22" not in inventory.sites
    fake.objects["dcim/sites"][20]["status"] = {"value": "active", "label": "Active"}
    fake.objects["dcim/sites"][22]["status"] = {"value": "decommissioning", "label": "x"}
    gone = fake.objects["dcim/sites"].pop()
    said = sync(fake, "--apply")
    assert said.status == 0, said.err
    inventory = loaded(into)
    assert inventory.sites["site-21"].state == "active"
    assert inventory.sites["site-23"].state == "retired"
    assert inventory.sites["site-23"].until is not None
    assert gone["slug"] in said.out.split("được giữ nguyên")[1]


def test_a_second_circuit_is_a_link(into: Path, sync: Sync) -> None:
    objects = as_netbox(rows(40), "4.2")
    objects["circuits/circuits"].append(
        {
            **objects["circuits/circuits"][0],
            "id": 900,
            "cid": "Z-900",
            "provider": {"name": "FPT"},
            "commit_rate": None,
        }
    )
    for side, site in (("A", 2), ("Z", 1)):
        objects["circuits/circuit-terminations"].append(
            {
                "id": 900 + site,
                "circuit": {"id": 900},
                "term_side": side,
                "port_speed": 50_000,
                "termination_type": "dcim.site",
                "termination": {"id": site},
            }
        )
    fake = FakeNetbox(objects)
    assert sync(fake, "--apply").status == 0
    link = loaded(into).links["fpt-z-900"]
    assert {link.a.target, link.b.target} == {"site-2/router", "site-1/router"}
    assert link.capacity == 50e6
    assert link.source == "netbox"
    fake.objects["circuits/circuit-terminations"][-1]["port_speed"] = 80_000
    fake.objects["circuits/circuit-terminations"][-2]["port_speed"] = 80_000
    said = sync(fake, "--apply")
    assert said.status == 0, said.err
    assert loaded(into).links["fpt-z-900"].capacity == 80e6


def test_unknown_roles_are_asked_and_fields_may_be_named(
    tmp_path: Path, into: Path, sync: Sync
) -> None:
    objects = as_netbox(rows(40), "4.2")
    objects["dcim/devices"][3]["role"] = {"name": "PDU"}
    for site in objects["dcim/sites"]:
        site["custom_fields"]["ten"] = f"{site['name']} (mới)"
    fake = FakeNetbox(objects)
    mapping = tmp_path / "netbox.map.yaml"
    mapping.write_text(f"{PROVINCE}fields: {{name_vi: cf.ten}}\n", "utf-8")
    said = sync(fake)
    assert said.status == 2
    assert "chưa biết vai trò thiết bị 'PDU'" in said.err
    assert "PDU: skip" in mapping.read_text("utf-8")
    assert sync(fake, "--apply").status == 0
    assert all(site.name_vi.endswith("(mới)") for site in loaded(into).sites.values())


def test_small_pages_and_throttling(into: Path, sync: Sync) -> None:
    fake = FakeNetbox(as_netbox(rows(40), "4.2"), max_page=7, put_off=3)
    said = sync(fake)
    assert said.status == 0, said.err
    assert len([path for path, _ in fake.asked if "dcim/sites" in path]) == 6
    assert not any("elsewhere" in path for path, _ in fake.asked)


@pytest.mark.parametrize(
    ("mood", "told"),
    [
        ("redirect", "chuyển sang 'https://elsewhere.example/api/'"),
        ("html", "không phải JSON"),
        ("cut", "không phải JSON"),
        ("endless", "quá 3 trang"),
        ("fewer", "gave fewer than it has"),
    ],
)
def test_a_netbox_in_a_mood(
    into: Path, sync: Sync, mood: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "MAX_PAGES", 3)
    said = sync(FakeNetbox(as_netbox(rows(40), "4.2"), mood=mood), "--apply")
    assert said.status == 2
    assert told in said.err
    assert len(said.err.splitlines()) == 1
    assert not into.exists()


def test_one_that_always_puts_off(sync: Sync) -> None:
    fake = FakeNetbox(as_netbox(rows(40), "4.2"), put_off=1000)
    assert "đang quá tải" in sync(fake).err
    assert len(fake.asked) == client.MAX_RETRIES


def test_a_wrong_token(tmp_path: Path, sync: Sync) -> None:
    (tmp_path / "token").write_text("wrong")
    said = sync(FakeNetbox(as_netbox(rows(40), "4.2")))
    assert said.status == 2
    assert "không nhận token" in said.err


def test_a_token_that_others_can_read_is_not_sent(tmp_path: Path, sync: Sync) -> None:
    (tmp_path / "token").chmod(0o644)
    fake = FakeNetbox({})
    assert "mở cho người khác" in sync(fake).err
    assert fake.asked == []


@pytest.mark.parametrize(
    "url", ["http://netbox.example.vn", "netbox", "https://user:pass@netbox", "ftp://a", "https://"]
)
def test_a_url_that_would_do_harm(
    tmp_path: Path, into: Path, sync: Sync, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["inventory", "sync", "netbox", "--url", url, "--token-file", str(tmp_path / "token")]
    assert main([*words, "--into", str(into)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_certificate_must_be_trusted(tmp_path: Path, into: Path, sync: Sync) -> None:
    made = Authority(tmp_path)
    server = made.context(["127.0.0.1"])
    fake = FakeNetbox(as_netbox(rows(40), "4.2"))
    said = sync(fake, tls=server)
    assert said.status == 2
    assert "chứng thư không đáng tin" in said.err
    assert fake.asked == []
    said = sync(fake, "--ca", str(made.bundle), tls=server)
    assert said.status == 0, said.err


def test_a_workbook_goes_with_netbox(tmp_path: Path, into: Path, run: Import, sync: Sync) -> None:
    file = tmp_path / "a.csv"
    file.write_text("Mã;Tên đơn vị;Cấp;IP Router\nsite-1;Trung tâm dữ liệu tỉnh;TTDL;10.16.0.1\n")
    assert run(file, "--apply").status == 0
    said = sync(FakeNetbox(as_netbox(rows(40), "4.2")), "--apply")
    assert said.status == 0, said.err
    assert "left alone: site-1" in said.out
    assert loaded(into).sites["site-1"].source is None
