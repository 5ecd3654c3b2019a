"""The files of a province that has no inventory yet: what it is, its levels, its checks."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, ip_address, ip_network
from pathlib import Path

from netwatch.imports.answers import TODO, MappingQuestion
from netwatch.imports.emit import flow, scalar
from netwatch.imports.entries import new_targets
from netwatch.imports.present import START, Present
from netwatch.imports.review import Review
from netwatch.imports.text import clean
from netwatch.imports.wanted import WantedSite
from netwatch.inventory.names import plain

MIN_PREFIX = 8
"""Length of the widest network that is proposed as a range."""

_PRIVATE = tuple(
    map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))
)

_VANTAGE = "state-dc"
"""The id that the settings have for where the collector stands, unless they say otherwise."""

_PROVINCE = """\
# {name_vi}: what holds for the whole of it. The grammar: docs/configuration.md
province: {{name_vi: {name_vi}, name: {name}, timezone: Asia/Ho_Chi_Minh}}

# Every address must be in one of these, so that a mistyped digit measures nobody else.
ranges: {ranges}

# Where the collector stands, and the targets nearest to it: when none answers, it is blind.
vantages:
  {vantage}: {{site: {site}, name_vi: {site_name}}}
canaries: {canaries}

objectives:
  wan-all:
    name_vi: Toàn tỉnh kết nối WAN
    name: Whole province on the WAN
    tiers: {tiers}
    goal: 100%
"""


def begin_inventory(sites: list[WantedSite], present: Present, review: Review) -> dict[Path, str]:
    """The files of a new inventory, by path; none where there is one, or something is asked."""
    if not present.is_new:
        return {}
    name = _asked("name_vi", None, "ví dụ / e.g. Tỉnh Hải Dương", review)
    ranges = _asked("ranges", ", ".join(likely_ranges(_addresses(sites))), "dải địa chỉ", review)
    tops = [site for site in sites if site.parent is None]
    root = _root(tops, review)
    if name is None or ranges is None or root is None:
        return {}
    province = _PROVINCE.format(
        name_vi=scalar(name),
        name=scalar(f"{plain(name.removeprefix('Tỉnh ').removeprefix('Thành phố '))} province"),
        ranges=flow([part.strip() for part in ranges.split(",") if part.strip()]),
        vantage=_VANTAGE,
        site=root.site_id,
        site_name=scalar(root.name_vi),
        canaries=flow([f"{root.site_id}/{id_}" for id_ in _nearest(root)]),
        tiers=flow(sorted({tier for s in sites if s is not root if (tier := s.value("tier"))})),
    )
    if len({site.value("tier") for site in sites}) < 2:
        province = province.partition("\nobjectives:")[0] + "\n"
    files = {present.directory / "province.yaml": province}
    for path in sorted(START.glob("*.yaml")):
        files[present.directory / path.name] = path.read_text("utf-8")
    return files


def _asked(key: str, guess: str | None, note: str, review: Review) -> str | None:
    """The answer about the province; None, and a question, where there is none."""
    question = MappingQuestion("province", key, guess or None, note)
    answer = question.key_in(review.answers)
    if answer is None or answer == TODO:
        review.ask("", f"kho chưa có tỉnh, cần {key} / the inventory has no province yet", question)
        return None
    return answer


def _root(tops: list[WantedSite], review: Review) -> WantedSite | None:
    """The one site at the top, where the collector stands."""
    answer = review.answers.province.get("site")
    named = [site for site in tops if answer in {site.site_id, clean(site.name_vi)}]
    if len(named or tops) == 1:
        return (named or tops)[0]
    question = MappingQuestion(
        "province", "site", None, "tên điểm gốc / name of the site at the top"
    )
    found = ", ".join(site.name_vi for site in tops[:4])
    review.ask(
        "",
        f"cần đúng một điểm gốc (Trung tâm dữ liệu, không trực thuộc), thấy {len(tops)}: {found}"
        " / one site has to be at the top",
        question,
    )
    return None


def _nearest(root: WantedSite) -> list[str]:
    return list(new_targets(root.targets, set()))[:3]


def _addresses(sites: list[WantedSite]) -> Iterable[str]:
    return (target.address.value for site in sites for target in site.targets)


def likely_ranges(addresses: Iterable[str]) -> list[str]:
    """The narrowest networks that hold all addresses: one for each block of private addresses."""
    blocks: dict[str, list[int]] = {}
    found: list[str] = []
    for text in addresses:
        address = ip_address(text)
        block = next((each for each in _PRIVATE if address in each), None)
        if block is not None and isinstance(address, IPv4Address):
            blocks.setdefault(str(block), []).append(int(address))
        elif isinstance(address, IPv4Address):
            found.append(str(ip_network(f"{address}/24", strict=False)))
        else:
            found.append(str(ip_network(f"{address}/48", strict=False)))
    for numbers in blocks.values():
        length = 32 - (min(numbers) ^ max(numbers)).bit_length()
        length = max(MIN_PREFIX, min(length, 24))
        found.append(str(ip_network(f"{IPv4Address(min(numbers))}/{length}", strict=False)))
    return sorted(set(found))
