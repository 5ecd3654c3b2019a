"""Rows become sites: what each says of its site, and where two of them contradict each other."""

from __future__ import annotations

from difflib import get_close_matches
from functools import partial

from netwatch.imports import values
from netwatch.imports.answers import KEEP, SKIP, TODO, MappingQuestion
from netwatch.imports.ids import is_id
from netwatch.imports.near import NearNames
from netwatch.imports.present import Present
from netwatch.imports.resolve import slug
from netwatch.imports.review import CellError, Review, ValuePlace
from netwatch.imports.table import NAMING, Row, SheetTable
from netwatch.imports.text import clean, name_key, plain_key
from netwatch.imports.wanted import SiteFact, WantedSite, WantedTarget
from netwatch.imports.words import words_for

DEFINING = frozenset({"tier", "parent"})
"""A sheet with one of these columns says which sites there are; others only tell more of them."""

_TEXTS = ("name", "tier", "network", "parent")
_UPLINK = ("uplink.carrier", "uplink.contract", "uplink.interface", "uplink.parent_interface")

SiteKey = tuple[str, str]
"""The keys of a site's name and of its parent's name; or its id, and nothing."""


class Sites:
    """The sites of a workbook, as they are found row by row."""

    def __init__(self, present: Present, review: Review) -> None:
        self._present = present
        self._review = review
        self._by_key: dict[SiteKey, WantedSite] = {}
        self._by_name: dict[str, list[WantedSite]] = {}
        self._names = NearNames()
        self._owners: dict[str, tuple[WantedSite, ValuePlace]] = {}

    @property
    def found(self) -> list[WantedSite]:
        """All sites in the order of their first rows."""
        return list(dict.fromkeys(self._by_key.values()))

    def add(self, tables: list[SheetTable]) -> None:
        """Take in all rows: first of the sheets that define sites, then of all others."""
        defining = [table for table in tables if table.meanings & DEFINING] or tables
        for table in defining:
            for row in table.rows:
                self._add_row(row, defines=True)
        for table in tables:
            if table not in defining:
                for row in table.rows:
                    self._add_row(row, defines=False)

    def _add_row(self, row: Row, *, defines: bool) -> None:
        placed = row.first("name_vi") or row.first("id")
        assert placed is not None  # a table has one of them
        name = self._name(row)
        id_ = self._id(row)
        if name is None and id_ is None:
            if self._review.answers.cells.get(placed.reference) is None and placed.cell is None:
                told = "không có tên đơn vị; skip nếu bỏ hàng này / has no name of a site"
                self._review.ask(
                    row.reference, told, MappingQuestion("rows", clean(row.reference), None)
                )
            return
        if defines and self._is_bare(row) and self._bare_is_passed_over(row):
            return
        site = self._site(name, id_, row, placed, defines=defines)
        if site is not None:
            self._tell(site, row)

    @staticmethod
    def _is_bare(row: Row) -> bool:
        """Whether a row has a name and nothing else, as headings between groups of rows have."""
        rest = [cells for meaning, cells in row.cells.items() if meaning not in NAMING]
        return len(rest) > 1 and not any(placed.cell for cells in rest for placed in cells)

    def _bare_is_passed_over(self, row: Row) -> bool:
        """Whether such a row is no site; ask where nobody said so."""
        answer = self._review.answers.rows.get(clean(row.reference))
        if answer != KEEP:
            told = "chỉ có tên: đề mục hay đơn vị? / has a name only: a heading, or a site?"
            question = MappingQuestion("rows", clean(row.reference), SKIP, "hoặc / or keep")
            self._review.ask(row.reference, told, question)
        return answer != KEEP

    def _id(self, row: Row) -> str | None:
        """The id that a row gives, made one where it is written as ``XA.01``."""
        given = self._text(row, "id")
        return given if given is None or is_id(given) else slug(given) or given

    def _name(self, row: Row) -> str | None:
        placed = row.first("name_vi")
        name = self._review.read(placed, values.name_of) if placed else None
        answer = self._review.answers.names.get(name or "")
        if answer == TODO:
            self._review.wrong(
                placed.told if placed else "", "chưa được trả lời / is not answered yet"
            )
        return answer if answer and answer != TODO else name

    def _text(self, row: Row, meaning: str) -> str | None:
        placed = row.first(meaning)
        return self._review.read(placed, values.optional_text) if placed else None

    def _site(
        self, name: str | None, id_: str | None, row: Row, placed: ValuePlace, *, defines: bool
    ) -> WantedSite | None:
        parent = name_key(self._text(row, "parent") or "")
        key = (id_, "") if id_ else (name_key(name or ""), parent)
        if key in self._by_key:
            return self._by_key[key]
        named = self._by_name.get(name_key(name or ""), [])
        if not defines:
            return self._named(name or id_ or "", named, placed)
        same = [site for site in named if not parent or not site.value("parent")]
        if (
            same and not id_
        ):  # the same name again, where one of both doesn't say to whom it belongs
            self._by_key[key] = same[0]
            return same[0]
        site = WantedSite(name or id_ or "", placed)
        if id_:
            site.facts["id"] = SiteFact(id_, row.first("id"))
        self._by_key[key] = site
        self._by_name.setdefault(name_key(site.name_vi), []).append(site)
        self._names.add(site.name_vi)
        return site

    def _named(self, name: str, named: list[WantedSite], placed: ValuePlace) -> WantedSite | None:
        """The site that a row of another sheet is about."""
        if len(named) == 1:
            return named[0]
        if named:
            told = f"{len(named)} đơn vị cùng tên {name!r}, hãy thêm cột Trực thuộc hoặc Mã"
            self._review.ask(
                placed.told,
                f"{told} / sites have this name; add a column",
                self._review.about(placed, None),
            )
            return None
        told = f"không có đơn vị {name!r} ở trang nào khác / is a site of no other sheet"
        self._review.ask(placed.told, told, MappingQuestion("names", name, self._names.find(name)))
        return None

    def _tell(self, site: WantedSite, row: Row) -> None:
        for meaning, cells in row.cells.items():
            site.columns.setdefault(meaning, cells[0])
        for meaning in _TEXTS + _UPLINK:
            for placed in row.cells.get(meaning, [])[:1]:
                self._set(site, meaning, self._review.read(placed, values.optional_text), placed)
        for placed in row.cells.get("uplink.capacity", [])[:1]:
            unit = values.unit_of(placed.heading)
            rate = self._review.read(placed, partial(values.rate_of, unit=unit))
            self._set(site, "uplink.capacity", rate, placed)
        self._place(site, row)
        devices = self._devices(row)
        for device in devices:
            self._add_target(site, device)
        self._describe(site, row, devices)

    def _set(self, site: WantedSite, key: str, value: str | None, placed: ValuePlace) -> None:
        if value is None:
            return
        before = site.facts.get(key)
        if before is None:
            site.facts[key] = SiteFact(value, placed)
        elif name_key(before.value) != name_key(value) and before.placed is not None:
            told = (
                f"{value!r}, nhưng {before.placed.reference} ghi {before.value!r} cho cùng đơn vị"
                f" / but that cell says otherwise of the same site"
            )
            self._review.ask(placed.told, told, self._review.about(placed, None))

    def _place(self, site: WantedSite, row: Row) -> None:
        placed = row.first("coordinates")
        if placed is not None:
            found = self._review.read(placed, values.coordinates_of)
            self._set(site, "coordinates", f"{found[0]}, {found[1]}" if found else None, placed)
            return
        north, east = row.first("latitude"), row.first("longitude")
        if north is None or east is None:
            return
        degrees = [self._review.read(each, values.degrees_of) for each in (north, east)]
        if degrees[0] and degrees[1]:
            try:
                latitude, longitude = values.checked_place(degrees[0][0][0], degrees[1][0][0])
            except CellError as error:
                self._review.ask(north.told, str(error), self._review.about(north, None))
            else:
                self._set(site, "coordinates", f"{latitude}, {longitude}", north)

    def _devices(self, row: Row) -> list[WantedTarget]:
        """The devices whose addresses a row has."""
        found: list[WantedTarget] = []
        for meaning, cells in row.cells.items():
            section, _, name = meaning.partition(".")
            if section == "targets":
                found += [
                    WantedTarget(name, SiteFact(address, placed))
                    for placed in cells
                    for address in self._review.read(placed, values.addresses_of) or ()
                ]
        for placed in row.cells.get("target.address", []):
            addresses = self._review.read(placed, values.addresses_of) or []
            if addresses and (role := self._role(row)):
                told = self._text(row, "target.name_vi")
                found += [WantedTarget(role, SiteFact(each, placed), told) for each in addresses]
        return found

    def _role(self, row: Row) -> str | None:
        """The role of the device of a row; router where a sheet says nothing of roles."""
        known = words_for("roles")
        placed = row.first("target.role")
        text = self._review.read(placed, values.optional_text) if placed else None
        if placed is None or text is None:
            model = plain_key(self._text(row, "target.model") or "")
            begins = [id_ for word, id_ in known.items() if f"{model} ".startswith(f"{word} ")]
            return begins[0] if begins else "router"
        answer = self._review.answers.roles.get(text)
        if answer == SKIP:
            return None
        if answer and answer != TODO:
            return answer
        found = known.get(plain_key(text))
        if found is None:
            near = get_close_matches(plain_key(text), known, n=1)
            guess = known[near[0]] if near else None
            told = f"chưa biết loại thiết bị {text!r} / is no device that is known"
            self._review.ask(placed.told, told, MappingQuestion("roles", text, guess))
        return found

    def _describe(self, site: WantedSite, row: Row, devices: list[WantedTarget]) -> None:
        """Vendor and model are those of the row's device, else of its router."""
        about = devices if row.first("target.role") else [d for d in devices if d.role == "router"]
        for device in about[:1]:
            device.vendor = self._text(row, "target.vendor") or device.vendor
            device.model = self._text(row, "target.model") or device.model

    def _add_target(self, site: WantedSite, device: WantedTarget) -> None:
        address, placed = device.address
        assert placed is not None
        owner = self._owners.get(address)
        if owner is None:
            if not self._present.allows(address):
                told = f"{address} không thuộc dải nào trong ranges / is in none of ranges"
                self._review.ask(placed.told, told, self._review.about(placed, None))
                return
            self._owners[address] = (site, placed)
            site.targets.append(device)
        elif owner[0] is not site or placed.reference != owner[1].reference:
            known = next((t for t in owner[0].targets if t.address.value == address), None)
            if owner[0] is site and known is not None and known.role == device.role:
                return  # the same device on another sheet
            told = f"{address} đã là địa chỉ ở {owner[1].reference} / is an address there already"
            self._review.ask(placed.told, told, self._review.about(placed, None))
