"""From a workbook to the files of an inventory: everything but the writing."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from netwatch.core.errors import ConfigError, Problem
from netwatch.core.params import ProbeParams
from netwatch.disk.reading import read_file
from netwatch.imports.answers import MappingAnswers
from netwatch.imports.begin import begin_inventory
from netwatch.imports.files import FilePlan, plan_files
from netwatch.imports.ids import identify
from netwatch.imports.present import Present
from netwatch.imports.resolve import resolve_parents, resolve_words
from netwatch.imports.review import Review
from netwatch.imports.sheets import Workbook
from netwatch.imports.sites import Sites
from netwatch.imports.table import tables_of
from netwatch.imports.uplinks import judge_uplinks
from netwatch.inventory.load import load_inventory
from netwatch.inventory.yaml import MAX_BYTES


def plan_import(
    workbook: Workbook, name: str, present: Present, answers: MappingAnswers
) -> tuple[FilePlan, Review]:
    """What the inventory would be like, and what stands against it.

    Args:
        workbook: what was read.
        name: of its file.
        present: the inventory that is there.
        answers: of the mapping file.

    Returns:
        The files; the review, whose problems must be empty before they may be written.
    """
    review = Review(name, answers)
    review.notes += workbook.notes
    tables = tables_of(workbook.sheets, review)
    sites = Sites(present, review)
    sites.add(tables)
    resolve_words(sites.found, present, review)
    resolve_parents(sites.found, present, review)
    identify(sites.found, present, review)
    judge_uplinks(sites.found, present, review)
    start = begin_inventory(sites.found, present, review)
    if review.problems:
        return FilePlan(), review
    return plan_files(sites.found, present, start), review


def verify(plan: FilePlan, directory: Path, schemas: Mapping[str, type[ProbeParams]]) -> None:
    """Load the inventory as it would be, from a directory of its own.

    Raises:
        ConfigError: it would be wrong; with every problem, by the names that the files will have.
    """
    with tempfile.TemporaryDirectory(prefix="netwatch-import-") as name:
        trial = Path(name)
        old = sorted(directory.rglob("*.yaml")) if directory.is_dir() else []
        for path in (*old, *plan.texts):
            if any(part.startswith(".") for part in path.relative_to(directory).parts):
                continue
            copy = trial / path.relative_to(directory)
            copy.parent.mkdir(parents=True, exist_ok=True)
            text = plan.texts.get(path)
            copy.write_bytes(read_file(path, MAX_BYTES) if text is None else text.encode())
        try:
            load_inventory(trial, schemas)
        except ConfigError as error:
            raise ConfigError(
                [
                    Problem(
                        each.place.replace(name, str(directory)),
                        each.message.replace(name, str(directory)),
                    )
                    for each in error.problems
                ]
            ) from None
