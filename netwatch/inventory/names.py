"""English names of the many sites that are only written in Vietnamese."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from netwatch.inventory.model import Inventory


def with_english_names(inventory: Inventory) -> Inventory:
    """Give each site without an English name one, where its tier has a word for its kind."""
    sites = {
        site_id: site.model_copy(
            update={"name": site.name or english(site.name_vi, inventory.tiers[site.tier].kinds)}
        )
        for site_id, site in inventory.sites.items()
    }
    return inventory.model_copy(update={"sites": sites})


def english(name_vi: str, kinds: Mapping[str, str]) -> str | None:
    """The English name of a site.

    Args:
        name_vi: its Vietnamese name, e.g. ``Xã An Lâm``.
        kinds: English words by the Vietnamese words that names begin with.

    Returns:
        E.g. ``An Lam commune``; None when the name begins with none of these words.
    """
    for word, kind in kinds.items():
        if name_vi.startswith(f"{word} "):
            return f"{plain(name_vi.removeprefix(word).strip())} {kind}"
    return None


def plain(text: str) -> str:
    """Vietnamese text in ASCII letters, as English texts write it."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
