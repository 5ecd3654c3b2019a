"""What the documentation tells to do on a machine."""

from __future__ import annotations

import re

from tests.system.debian import REPOSITORY
from tests.system.machine import Machine

BUNDLE = "/srv/netwatch"
"""Where what is carried to a server lies."""


def follow(machine: Machine, page: str, section: str) -> str:
    """Run the blocks of a section of a page under docs/ that are marked ``sh``."""
    document = (REPOSITORY / "docs" / page).read_text(encoding="utf-8")
    found = re.search(rf"^##+ {section}$(.*?)(?=^##? |\Z)", document, re.MULTILINE | re.DOTALL)
    assert found, f"no section {section} in docs/{page}"
    blocks = re.findall(r"^```sh\n(.*?)^```$", found[1], re.MULTILINE | re.DOTALL)
    assert blocks, f"nothing to run in section {section} of docs/{page}"
    return "\n".join(machine.run(f"cd {BUNDLE}\n{block}", seconds=600) for block in blocks)
