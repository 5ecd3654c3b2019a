"""English names of the many sites that are only written in Vietnamese."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from netwatch.inventory.model import Inventory


def with_english_names(inventory: Inventory) -> Inventory:
    """Give sites without an English name one, where their tier says how."""
    sites = {
        site_id: site.model_copy(
            update={"name": site.name or english(site.name_vi, inventory.tiers[site.tier].kinds)}
        )
        for site_id, site in inventory.sites.items()
    }
    return inventory.model_copy(update={"sites": sites})


def english(name_vi: str, kinds: Mapping[str, str]) -> str | None:
    """``An Lam commune`` for ``Xã An Lâm``; None when no kind begins the name."""
    for word, kind in kinds.items():
        if name_vi.startswith(f"{word} "):
            return f"{plain(name_vi.removeprefix(word).strip())} {kind}"
    return None


def plain(text: str) -> str:
    """Vietnamese in ASCII letters, as English texts write it."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
