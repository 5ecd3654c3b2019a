"""Files of the state directory in which one object each is kept, as JSON."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from netwatch.disk.private import make_directory, replace_file, working_in
from netwatch.disk.reading import read_file
from netwatch.disk.worker import DiskWorker
from netwatch.meetings.calendars.bounds import MAX_OCTETS

Model = TypeVar("Model", bound=BaseModel)
logger = logging.getLogger(__name__)

_MAX_FILE_OCTETS = 2 * MAX_OCTETS
"""Octets of a file; base64 writes three octets as four."""


def load(path: Path, model: type[Model]) -> Model | None:
    """What is kept in a file; None when it is missing, or can't be read."""
    try:
        return model.model_validate_json(read_file(path, _MAX_FILE_OCTETS, follow=False))
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        logger.warning("what was kept is not used file=%s: %s", path, type(error).__name__)
        return None


def save(path: Path, kept: BaseModel) -> None:
    """Replace what is kept in a file; a disk that refuses is logged, as the old one serves on."""
    try:
        with working_in(path.parent.parent):
            make_directory(path.parent)
            replace_file(path, kept.model_dump_json().encode())
    except OSError as error:
        logger.warning("this is not kept file=%s: %s", path, error.strerror)


async def save_apart(disk: DiskWorker, path: Path, kept: BaseModel) -> None:
    """The same in a thread; a disk that hangs is logged."""
    try:
        await disk.run(lambda: save(path, kept))
    except OSError as error:
        logger.warning("this is not kept file=%s: %s", path, error.strerror)
