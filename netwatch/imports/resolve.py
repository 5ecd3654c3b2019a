"""Words become ids: to which level, network and site above each wanted site belongs."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher, get_close_matches
from typing import Any

from netwatch.imports.answers import SKIP, TODO, MappingAnswers, MappingQuestion
from netwatch.imports.near import NearNames
from netwatch.imports.present import Present
from netwatch.imports.review import Review
from netwatch.imports.text import clean, name_key, plain_key
from netwatch.imports.wanted import SiteFact, WantedSite
from netwatch.imports.words import proper_key, words_for
from netwatch.inventory.carriers import carrier_key

MAX_COMPARED = 400
"""Carriers, or parents that no site is, that are compared with each other."""

_ALIKE = 0.8
"""Share of equal letters above which two names of carriers may be one."""

_TOP = frozenset({"tinh", "ubnd tinh", "uy ban nhan dan tinh", "cap tinh"})
"""What people write for the province as the site above."""


def resolve_words(sites: list[WantedSite], present: Present, review: Review) -> None:
    """Find level, network and carrier of each; what can't be found is asked."""
    tiers = Vocabulary("tiers", present.section("tiers"))
    networks = Vocabulary("networks", present.section("networks"))
    for site in sites:
        _tier(site, tiers, present, review)
        _network(site, networks, review)
    resolve_carriers(sites, present, review)
    _similar_names(sites, review)


def resolve_parents(sites: list[WantedSite], present: Present, review: Review) -> None:
    """Find the site above each, whose level must be known."""
    Parents(sites, present, review).find()


class Vocabulary:
    """The ids of one section of the inventory, and all words that stand for them."""

    def __init__(self, section: str, entries: dict[str, Any]) -> None:
        self.section = section
        self.ids = list(entries)
        self.words = {word: id_ for word, id_ in words_for(section).items() if id_ in entries}
        for id_, entry in entries.items():
            names = [id_, *(entry.get(key, "") for key in ("name", "name_vi"))]
            names += entry.get("kinds", {})
            self.words.update({plain_key(str(name)): id_ for name in names if name})

    def of(self, text: str, answers: MappingAnswers) -> str | None:
        """The id that a text stands for: by an answer, or by a word; None when it isn't known."""
        answer = answers.section(self.section).get(text)
        if answer in self.ids:
            return answer
        return self.words.get(plain_key(text)) if answer in {None, TODO} else None

    def of_begin(self, name: str) -> str | None:
        """The id for the longest word that a name begins with."""
        words = plain_key(name).split()
        for length in range(len(words), 0, -1):
            if found := self.words.get(" ".join(words[:length])):
                return found
        return None


def _tier(site: WantedSite, tiers: Vocabulary, present: Present, review: Review) -> None:
    fact = site.facts.get("tier")
    text = fact.value if fact else site.name_vi
    found = tiers.of(text, review.answers)
    if found is None and fact is None:
        before = present.sites.get(site.value("id") or "", {})
        found = before.get("tier") or tiers.of_begin(site.name_vi)
    if found is not None:
        site.facts["tier"] = SiteFact(found, fact.placed if fact else None)
        return
    site.facts.pop("tier", None)
    placed = fact.placed if fact and fact.placed else site.placed
    near = get_close_matches(plain_key(text), tiers.words, n=1) if fact else []
    guess = tiers.words[near[0]] if near else None
    told = (
        f"chưa biết cấp của {text!r}; các cấp / is of no tier that is known: {', '.join(tiers.ids)}"
    )
    review.ask(placed.told, told, MappingQuestion("tiers", text, guess, ", ".join(tiers.ids)))


def _network(site: WantedSite, networks: Vocabulary, review: Review) -> None:
    fact = site.facts.get("network")
    if fact is None or fact.placed is None:
        if site.value("tier") == "party-office" and "party" in networks.ids:
            site.facts["network"] = SiteFact("party")
        return
    found = networks.of(fact.value, review.answers)
    if found is not None:
        site.facts["network"] = SiteFact(found, fact.placed)
        return
    told = f"chưa biết mạng {fact.value!r} / is no network that is known: {', '.join(networks.ids)}"
    question = MappingQuestion("networks", fact.value, None, ", ".join(networks.ids))
    review.ask(fact.placed.told, told, question)


def resolve_carriers(sites: list[WantedSite], present: Present, review: Review) -> None:
    """One spelling for each carrier; two that differ by little are asked about."""
    counts: Counter[str] = Counter()
    first: dict[str, SiteFact] = {}
    for site in sites:
        fact = site.facts.get("uplink.carrier")
        if fact is None:
            continue
        answer = review.answers.carriers.get(fact.value)
        if answer and answer != TODO:
            fact = site.facts["uplink.carrier"] = SiteFact(answer, fact.placed)
        counts[fact.value] += 1
        first.setdefault(fact.value, fact)
    for site in present.sites.values():
        uplink = site.get("uplink")
        if isinstance(uplink, dict) and isinstance(uplink.get("carrier"), str):
            counts[clean(uplink["carrier"])] += 1
    ordered = [name for name, _ in counts.most_common(MAX_COMPARED)]
    for place, name in enumerate(ordered):
        near = next((other for other in ordered[:place] if _alike(name, other)), None)
        fact = first.get(name)
        if near is None or fact is None or fact.placed is None:
            continue
        if review.answers.carriers.get(name) == name or present.knows_carrier(name):
            continue
        told = f"nhà mạng {name!r} có phải là {near!r}? / is like another carrier; are they one?"
        review.ask(
            fact.placed.told,
            told,
            MappingQuestion("carriers", name, near, f"{name} nếu khác / if not"),
        )


def _alike(one: str, other: str) -> bool:
    if carrier_key(one) == carrier_key(other):
        return True
    keys = [plain_key(name).replace(" ", "") for name in (one, other)]
    return keys[0] == keys[1] or (
        min(map(len, keys)) >= 4 and SequenceMatcher(None, keys[0], keys[1]).ratio() >= _ALIKE
    )


def _similar_names(sites: list[WantedSite], review: Review) -> None:
    """Ask about sites below one parent whose names differ by accents only."""
    seen: dict[tuple[str, str], WantedSite] = {}
    for site in sites:
        key = (plain_key(site.name_vi), plain_key(site.value("parent") or ""))
        other = seen.setdefault(key, site)
        alike = name_key(site.name_vi) == name_key(other.name_vi)
        if alike or site.name_vi in review.answers.names:
            continue
        told = (
            f"{site.name_vi!r} và {other.name_vi!r} ({other.placed.reference}) có phải là một?"
            " / differ by accents only; are they one?"
        )
        question = MappingQuestion(
            "names", site.name_vi, site.name_vi, f"hoặc / or {other.name_vi}"
        )
        review.ask(site.placed.told, told, question)


class Parents:
    """Finds the site above each site, by id, by name, or by the proper name alone."""

    def __init__(self, sites: list[WantedSite], present: Present, review: Review) -> None:
        self._sites, self._present, self._review = sites, present, review
        self._known: dict[str, list[WantedSite | str]] = {}
        self._asked: Counter[str] = Counter()
        self._names = NearNames()
        wanted_names = {name_key(site.name_vi) for site in sites}
        for id_, entry in present.sites.items():
            if name_key(name := str(entry.get("name_vi", ""))) not in wanted_names:
                self._add(id_, name, id_)
            else:
                self._known.setdefault(id_, [])
        for site in sites:
            self._add(site, site.name_vi, site.value("id") or "")
        self._root = self._find_root()

    def _add(self, site: WantedSite | str, name: str, id_: str) -> None:
        key = name_key(name)
        for known in {key, proper_key(key), id_} - {""}:
            self._known.setdefault(known, []).append(site)
        self._names.add(name)

    def _rank(self, site: WantedSite | str) -> int:
        if isinstance(site, WantedSite):
            return self._present.rank(site.value("tier"))
        return self._present.rank(self._present.sites[site].get("tier"))

    def _find_root(self) -> WantedSite | str | None:
        """The one site at the top: of the highest level that has any, and below nobody."""
        everybody: dict[int, WantedSite | str] = {
            id(site): site for each in self._known.values() for site in each
        }
        tops = [
            site
            for site in everybody.values()
            if not (
                site.value("parent")
                if isinstance(site, WantedSite)
                else self._present.sites[site].get("parent")
            )
        ]
        best = min(map(self._rank, tops), default=100)
        highest = [site for site in tops if self._rank(site) == best]
        return highest[0] if len(highest) == 1 else None

    @property
    def root(self) -> WantedSite | str | None:
        """The one site at the top; None when there is none, or several."""
        return self._root

    def find(self) -> None:
        """Give each site its parent."""
        assumed = 0
        for site in self._sites:
            text = site.value("parent")
            if text is None:
                before = self._present.sites.get(site.value("id") or "", {}).get("parent")
                if before is None and site is not self._root and self._root is not None:
                    site.parent = self._root
                    assumed += 1
                else:
                    site.parent = before
            else:
                site.parent = self._parent(site, text)
        if assumed and self._root is not None:
            name = self._root.name_vi if isinstance(self._root, WantedSite) else self._root
            self._review.notes.append(
                f"{assumed} điểm không ghi trực thuộc: coi như thuộc {name}"
                f" / sites don't say what they belong to: taken to belong to {name}"
            )

    def _parent(self, site: WantedSite, text: str) -> WantedSite | str | None:
        answer = self._review.answers.parents.get(text)
        if answer == SKIP:
            return None if site is self._root else self._root
        wanted = answer if answer and answer != TODO else text
        found = self._above(site, wanted)
        if len(found) == 1:
            return found[0]
        if not found and plain_key(wanted) in _TOP and self._root not in {None, site}:
            return self._root
        placed = site.facts["parent"].placed or site.placed
        self._asked[text] += 1
        if self._asked[text] > 1:
            return self._root  # told once
        if found:
            told = f"có {len(found)} đơn vị tên {text!r} / names several sites; give the id of one"
            self._review.ask(placed.told, told, MappingQuestion("parents", text, None))
            return self._root
        told = f"trực thuộc {text!r}, nhưng không có đơn vị nào tên này / is the name of no site"
        self._review.ask(
            placed.told, told, MappingQuestion("parents", text, self._names.find(wanted))
        )
        return self._root

    def _above(self, site: WantedSite, text: str) -> list[WantedSite | str]:
        """The sites of this name above a site: those of its full name, else of its proper name."""
        key = name_key(text)
        for known in (text, key, proper_key(key)):
            others = [each for each in self._known.get(known, []) if each is not site]
            above = [each for each in others if self._rank(each) < self._rank(site)] or [
                each for each in others if self._rank(each) == self._rank(site)
            ]
            if above:
                return above
        return []


def slug(text: str) -> str:
    """Text as an id: small letters, digits and hyphens."""
    return plain_key(text).replace(" ", "-")


def proper_slug(name: str) -> str:
    """The same without the words before a place's proper name."""
    return slug(proper_key(plain_key(name)))


def is_place(name: str) -> bool:
    """Whether a name begins with a word for a place, as ``Xã``."""
    return proper_key(plain_key(name)) != plain_key(name)
