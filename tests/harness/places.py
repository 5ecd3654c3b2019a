"""Where the made-up sites of ``status_source`` stand, and their lines."""

from __future__ import annotations

from math import cos, pi, sin

from netwatch.web.places import LineView, Places, PlaceView
from netwatch.web.status import SiteView, Status

CENTRE = (20.94, 106.33)
"""Latitude and longitude."""

CARRIERS = ("VNPT", "Viettel", "FPT")


def made_up_places(status: Status) -> Places:
    """Districts around the centre; half of the communes around theirs, the others nowhere."""
    sites = list(status["sites"])
    order = {site["id"]: number for number, site in enumerate(sites)}
    return {
        "revision": status["inventory"],
        "sites": [_place(site, order[site["id"]]) for site in sites],
        "lines": [_line(site, order[site["id"]]) for site in sites if site["parent"] is not None],
        "grafana": None,
    }


def _place(site: SiteView, number: int) -> PlaceView:
    return {
        "id": site["id"],
        "addresses": [f"10.{16 + number // 200}.{number % 200}.1"],
        "aliases": [f"70{number:04}"] if site["tier"] != "commune" else [],
        "coordinates": _coordinates(site),
    }


def _coordinates(site: SiteView) -> tuple[float, float] | None:
    kind, *numbers = site["id"].split("-")
    if site["id"] == "ttdl":
        return CENTRE
    if kind == "huyen" and len(numbers) == 1:
        return _around(CENTRE, int(numbers[0]), 12, 0.16)
    if kind == "xa" and int(numbers[1]) % 2 == 0:
        district = _around(CENTRE, int(numbers[0]), 12, 0.16)
        return _around(district, int(numbers[1]), 20, 0.03 + 0.002 * int(numbers[1]))
    return None


def _around(
    centre: tuple[float, float], number: int, count: int, far: float
) -> tuple[float, float]:
    angle = 2 * pi * number / count + 0.3
    return (
        round(centre[0] + far * sin(angle) * 0.8, 4),
        round(centre[1] + far * cos(angle) * 1.2, 4),
    )


def _line(site: SiteView, number: int) -> LineView:
    return {
        "id": f"{site['id']}-uplink",
        "name_vi": None,
        "carrier": CARRIERS[number % 3],
        "contract": f"HD-{number:03}",
        "capacity": 100e6 if site["tier"] == "department" else 20e6,
        "a": f"{site['id']}/router",
        "b": f"{site['parent']}/router",
    }
