"""A NetBox that plays its REST API: objects in the shapes of 3.7 and 4.2, pages, and its moods."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.harness.workbooks import PLACES

TOKEN = "0123456789abcdef0123456789abcdef01234567"

Objects = dict[str, list[dict[str, Any]]]


@dataclass
class FakeNetbox:
    """What it has, and how it behaves.

    Attributes:
        objects: by endpoint.
        max_page: objects of a page, however many are asked for (NetBox's MAX_PAGE_SIZE).
        put_off: how many requests get 429 before one is answered.
        mood: another way to answer: ``redirect``, ``cut``, ``html``, ``endless``, ``fewer``.
        asked: paths that were asked for, with the token that came along.
    """

    objects: Objects
    max_page: int = 1000
    put_off: int = 0
    mood: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0

    def answer(self, path: str, token: str) -> tuple[int, dict[str, str], bytes]:
        self.asked.append((path, token))
        url = urlsplit(path)
        endpoint = url.path.removeprefix("/api/").strip("/")
        if token != f"Token {TOKEN}":
            return 403, {}, b'{"detail": "Invalid token"}'
        if self.put_off:
            self.put_off -= 1
            return 429, {"Retry-After": "0"}, b'{"detail": "Request was throttled."}'
        if self.mood == "redirect":
            return 302, {"Location": "https://elsewhere.example/api/"}, b""
        if self.mood == "html":
            return 200, {}, b"<html>login</html>"
        if endpoint not in self.objects:
            return 404, {}, b"{}"
        query = parse_qs(url.query)
        limit, offset = (int(query[key][0]) for key in ("limit", "offset"))
        return 200, {}, self._page(endpoint, min(limit, self.max_page), offset)

    def _page(self, endpoint: str, limit: int, offset: int) -> bytes:
        everything = self.objects[endpoint]
        results = everything[offset : offset + limit]
        more = offset + limit < len(everything)
        following = (
            f"https://elsewhere.example/api/{endpoint}/?limit={limit}&offset={offset + limit}"
        )
        if self.mood == "endless":
            results, more = [{"id": offset + n} for n in range(limit)], True
        if self.mood == "fewer" and everything:
            results = results[:-1]
        page = {
            "count": len(everything),
            "next": following if more else None,
            "previous": None,
            "results": results,
        }
        text = json.dumps(page).encode()
        return text[: len(text) // 2] if self.mood == "cut" else text


@contextmanager
def netbox_at_work(fake: FakeNetbox, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Serve it on loopback; gives its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = fake.answer(self.path, self.headers.get("Authorization", ""))
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        scheme = "https" if tls else "http"
        yield f"{scheme}://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def as_netbox(table: list[list[Any]], version: str) -> Objects:
    """The province of a workbook's rows, as NetBox of a version would have it."""
    made = _Maker(version)
    for row in table:
        made.add({heading: row[column] for heading, column in PLACES.items()})
    return made.objects


def _choice(value: str) -> dict[str, str]:
    return {"value": value, "label": value.capitalize()}


class _Maker:
    def __init__(self, version: str) -> None:
        self._is_new = version >= "4.2"
        self._regions: dict[str, int] = {}
        self._sites: dict[str, int] = {}
        self.objects: Objects = {
            endpoint: []
            for endpoint in (
                *("dcim/regions", "dcim/sites", "dcim/devices", "circuits/circuits"),
                *("circuits/circuit-terminations", "dcim/cables"),
            )
        }

    def add(self, row: dict[str, Any]) -> None:
        name, tier = row["Tên đơn vị"], row["Cấp"]
        site = self._site(row, name, tier)
        for role, column in (("Router", "IP Router"), ("Codec", "IP Codec")):
            if row[column]:
                self._device(site, role, f"{role.lower()}-{site['id']}", row[column])
        if row["Nhà mạng"]:
            self._circuit(site, row)

    def _site(self, row: dict[str, Any], name: str, tier: str) -> dict[str, Any]:
        number = len(self.objects["dcim/sites"]) + 1
        area = name.removeprefix("UBND huyện ") if tier == "Huyện" else row["Trực thuộc"] or "Tỉnh"
        region = self._region(area if tier in {"Huyện", "Xã"} else "Tỉnh")
        latitude, _, longitude = str(row["Toạ độ"]).partition(", ")
        site = {
            "id": number,
            "name": name,
            "slug": f"site-{number}",
            "status": _choice("active"),
            "region": region,
            "group": {"id": 1, "name": tier, "slug": "x"},
            "tenant": None,
            "latitude": float(latitude),
            "longitude": float(longitude),
            "custom_fields": {"name_en": None},
            "tags": [],
        }
        self._sites[name] = number
        self.objects["dcim/sites"].append(site)
        return site

    def _region(self, name: str) -> dict[str, Any]:
        if name not in self._regions:
            number = self._regions[name] = len(self._regions) + 1
            parent = {"id": 1, "name": "Tỉnh", "slug": "tinh"} if number > 1 else None
            self.objects["dcim/regions"].append({"id": number, "name": name, "parent": parent})
        return {"id": self._regions[name], "name": name, "slug": "x"}

    def _device(self, site: dict[str, Any], role: str, name: str, address: str) -> None:
        number = len(self.objects["dcim/devices"]) + 1
        device: dict[str, Any] = {
            "id": number,
            "name": name,
            "device_type": {
                "id": 1,
                "manufacturer": {"id": 1, "name": "Cisco", "slug": "cisco"},
                "model": "ISR 1100",
            },
            "role": {"id": 1, "name": role, "slug": role.lower()},
            "platform": {"id": 1, "name": "IOS XE", "slug": "ios-xe"},
            "site": {"id": site["id"], "name": site["name"]},
            "status": _choice("active"),
            "primary_ip": {"id": number, "address": f"{address}/24"},
            "primary_ip4": {"id": number, "address": f"{address}/24"},
            "primary_ip6": None,
        }
        if not self._is_new:
            device["device_role"] = device["role"]
        self.objects["dcim/devices"].append(device)

    def _circuit(self, site: dict[str, Any], row: dict[str, Any]) -> None:
        number = len(self.objects["circuits/circuits"]) + 1
        cid = row["Số hợp đồng"]
        self.objects["circuits/circuits"].append(
            {
                "id": number,
                "cid": cid,
                "provider": {"id": 1, "name": row["Nhà mạng"], "slug": "x"},
                "status": _choice("active"),
                "commit_rate": row["Băng thông (Mbps)"] * 1000,
                "termination_a": None,
                "termination_z": None,
            }
        )
        place: dict[str, Any] = {"id": site["id"], "name": site["name"]}
        end: dict[str, Any] = {
            "id": number,
            "circuit": {"id": number, "cid": cid},
            "term_side": "A",
            "port_speed": None,
        }
        if self._is_new:
            end |= {"termination_type": "dcim.site", "termination": place}
        else:
            end |= {"site": place, "provider_network": None}
        self.objects["circuits/circuit-terminations"].append(end)
        port = {"object_type": "dcim.interface", "object_id": 1, "object": {"name": "Gi0/0"}}
        plug = {
            "object_type": "circuits.circuittermination",
            "object_id": number,
            "object": {"id": number, "circuit": {"id": number, "cid": cid}, "term_side": "A"},
        }
        self.objects["dcim/cables"].append(
            {
                "id": number,
                "status": _choice("connected"),
                "a_terminations": [port],
                "b_terminations": [plug],
            }
        )
