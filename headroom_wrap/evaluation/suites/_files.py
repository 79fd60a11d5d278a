"""Reading data files: JSON, a JSON value a line, CSV; what is wrong is said with its place."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from headroom_wrap.errors import HeadroomError
from headroom_wrap.evaluation.rows import Json


class DataError(HeadroomError):
    """A data file that cannot be read, or is of another kind."""


def text(path: Path) -> str:
    """The whole file."""
    try:
        return path.read_text("utf-8-sig")
    except OSError as problem:
        raise DataError(f"cannot read {path}: {problem.strerror}") from problem
    except UnicodeDecodeError as problem:
        raise DataError(f"{path} is no UTF-8 text") from problem


def whole(path: Path) -> Any:
    """The value of a JSON file."""
    try:
        return json.loads(text(path))
    except ValueError as problem:
        raise DataError(f"{path} is no JSON: {problem}") from problem


def lines(path: Path) -> Iterator[Json]:
    """The objects of a file with one a line."""
    for number, line in enumerate(text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except ValueError as problem:
            raise DataError(f"{path}:{number} is no JSON: {problem}") from problem
        if not isinstance(found, dict):
            raise DataError(f"{path}:{number} is no JSON object")
        yield found


def table(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file with a head line."""
    yield from csv.DictReader(text(path).splitlines(keepends=True))


def unlike(path: Path, suite: str, form: str, problem: Exception) -> DataError:
    """What is raised where a file is not in a suite's form."""
    detail = f"{type(problem).__name__}: {problem}"
    return DataError(f"{path} is not in the form of {suite} ({detail})", f"it should hold {form}")
