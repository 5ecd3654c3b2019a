"""Files of the state directory in which one object each is kept, as JSON."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from netwatch.meetings.calendars.bounds import MAX_OCTETS

Model = TypeVar("Model", bound=BaseModel)
logger = logging.getLogger(__name__)

_MAX_FILE_OCTETS = 2 * MAX_OCTETS
"""Octets of a file; base64 writes three octets as four."""


def load(path: Path, model: type[Model]) -> Model | None:
    """What is kept in a file; None when it is missing, or can't be read."""
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_FILE_OCTETS + 1)
        return model.model_validate_json(content) if len(content) <= _MAX_FILE_OCTETS else None
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        logger.warning("what was kept is not used file=%s: %s", path, type(error).__name__)
        return None


def save(path: Path, kept: BaseModel) -> None:
    """Replace what is kept in a file; a disk that refuses is logged, as the old one serves on."""
    new = path.with_suffix(".new")
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        new.touch(mode=0o600)
        new.write_text(kept.model_dump_json(), encoding="utf-8")
        new.replace(path)
    except OSError as error:
        logger.warning("this is not kept file=%s: %s", path, error.strerror)
