"""Which file each change goes to, and the texts of all files that change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path

from netwatch.disk.reading import read_file
from netwatch.imports.entries import changes_of, new_entry
from netwatch.imports.link_entries import link_changes
from netwatch.imports.present import Present
from netwatch.imports.splice import Change, changed
from netwatch.imports.wanted import WantedLink, WantedSite
from netwatch.inventory.yaml import MAX_BYTES


@dataclass(slots=True)
class FilePlan:
    """What would be written.

    Attributes:
        texts: the new text of each file that changes.
        before: the text that it has now; empty where there is no such file.
        added: ids of new sites.
        altered: ids of sites of which something changes.
        kept: ids of sites that somebody wrote by hand, so that a source doesn't change them.
        gone: ids of sites of the inventory that nobody wants any more, which stay as they are.
    """

    texts: dict[Path, str] = field(default_factory=dict)
    before: dict[Path, str] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    def diff(self) -> str:
        """All changes, as ``diff -u`` shows them."""
        lines: list[str] = []
        for path, text in self.texts.items():
            old, new = self.before[path].splitlines(True), text.splitlines(True)
            name = str(path)
            lines += unified_diff(old, new, name if old else "/dev/null", name, n=2)
        return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def plan_files(
    sites: list[WantedSite],
    present: Present,
    start: Mapping[Path, str],
    links: list[WantedLink] | None = None,
    source: str | None = None,
) -> FilePlan:
    """The files as they have to be.

    Args:
        sites: all that are wanted, each with its id.
        present: what is there.
        start: files that an inventory begins with, by their path.
        links: lines that are wanted besides uplinks.
        source: what new entries are marked with; then only entries with this mark are changed.
    """
    plan = FilePlan(texts=dict(start), before=dict.fromkeys(start, ""))
    changes: dict[Path, list[Change]] = {}
    layout = _Layout(sites, present)
    for site in sorted(sites, key=_depth):  # a site is placed before those below it
        if site.site_id not in present.sites:
            plan.added.append(site.site_id)
            file, after = layout.place(site)
            change = Change(("sites", site.site_id), new_entry(site, source), after=after)
            changes.setdefault(file, []).append(change)
        elif source and present.sites[site.site_id].get("source") != source:
            plan.kept.append(site.site_id)
        elif found := changes_of(site, present):
            plan.altered.append(site.site_id)
            changes.setdefault(layout.file_of(site.site_id), []).extend(found)
    for change in link_changes(links or [], present, source):
        known = present.source.places.get(change.path[:2])
        file = Path(known.file) if known else present.directory / f"{source}-links.yaml"
        changes.setdefault(file, []).append(change)
    wanted = {site.site_id for site in sites}
    plan.gone = [
        id_
        for id_, entry in present.sites.items()
        if id_ not in wanted
        and entry.get("state") != "retired"
        and (source is None or entry.get("source") == source)
    ]
    for file, made in changes.items():
        before = plan.texts.get(file) or _text_of(file)
        plan.before.setdefault(file, before)
        plan.texts[file] = changed(before, made)
    return plan


def _text_of(file: Path) -> str:
    """What a file of the inventory says now; nothing when it is new."""
    return read_file(file, MAX_BYTES).decode("utf-8-sig") if file.exists() else ""


def _depth(site: WantedSite) -> int:
    depth = 0
    while isinstance(site.parent, WantedSite):
        site, depth = site.parent, depth + 1
    return depth


class _Layout:
    """Where sites stand: with their siblings, else in a file of the site above or their level."""

    def __init__(self, sites: list[WantedSite], present: Present) -> None:
        self._present = present
        self._parents = {site.parent_id for site in sites} | {
            str(entry.get("parent")) for entry in present.sites.values()
        }
        self._top = {site.site_id for site in sites if site.parent_id is None} | {
            id_ for id_, entry in present.sites.items() if not entry.get("parent")
        }
        self._last: dict[tuple[str, str], tuple[Path, str]] = {}
        self._of_new: dict[str, Path] = {}
        for id_, entry in present.sites.items():
            family = (str(entry.get("tier")), str(entry.get("parent")))
            self._last[family] = (self.file_of(id_), id_)

    def file_of(self, site_id: str) -> Path:
        """The file that a site stands in."""
        if site_id in self._of_new:
            return self._of_new[site_id]
        return Path(self._present.source.places["sites", site_id].file)

    def place(self, site: WantedSite) -> tuple[Path, str | None]:
        """The file of a new site, and the site behind which it stands there; None for the end."""
        tier, parent = site.value("tier") or "", site.parent_id
        found = self._last.get((tier, str(parent)))
        if found is not None:
            file, after = found
        else:
            file, after = self._directory / self._name(site, tier, parent), None
        self._of_new[site.site_id] = file
        return file, after

    @property
    def _directory(self) -> Path:
        return self._present.directory

    def _name(self, site: WantedSite, tier: str, parent: str | None) -> Path:
        if parent is None:
            return Path(f"{site.site_id}.yaml")
        if site.site_id in self._parents:
            return Path(tier) / f"{site.site_id}.yaml"
        if parent in self._top:
            return Path(f"{tier}.yaml")
        return self.file_of(parent)
