"""Public data files: fetched when asked, kept in the cache folder, found again by suite."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from headroom_wrap import atomic, paths
from headroom_wrap.errors import ConfigError, HeadroomError
from headroom_wrap.evaluation.suites import DataError, Source, Suite
from headroom_wrap.kompress import models
from headroom_wrap.kompress.models import Progress

# Tool outputs that ship with the package: this suite can be tried without a file.
_SHIPPED = {"needle": ("headroom_wrap.demo", "data")}


def fetch(suite: Suite, folder: Path, progress: Progress) -> list[Path]:
    """All files of a suite that are not there yet. Raises HeadroomError."""
    if not suite.SOURCES:
        raise ConfigError(f"`{suite.NAME}` has no public file", "give yours: --data FILE")
    found = []
    for source in suite.SOURCES:
        file = _place(suite, folder) / source.name
        paths.private(file.parent)
        if not file.exists():
            _one(source, file, progress)
        found.append(file)
    return found


def _one(source: Source, file: Path, progress: Progress) -> None:
    target = file.with_name(f"{file.name}.zip") if source.member else file
    try:
        models.fetch(source.url, target, progress)
    except HeadroomError as problem:
        hint = "run it again to go on; offline, bring the file and give it: --data FILE"
        raise HeadroomError(str(problem), hint) from problem
    if source.member:
        try:
            with zipfile.ZipFile(target) as packed:
                atomic.write(file, packed.read(source.member))
        except (zipfile.BadZipFile, KeyError) as problem:
            raise DataError(f"{source.url} holds no {source.member}: {problem}") from problem
        finally:
            target.unlink()


def located(suite: Suite, folder: Path) -> Path:
    """The suite's data where none is named: fetched, or shipped. Raises ConfigError."""
    if suite.SOURCES:
        file = _place(suite, folder) / suite.SOURCES[0].name
        if file.exists():
            return file
        hint = f"`headroom eval fetch {suite.NAME}`, or --data FILE"
        raise ConfigError(f"no data for `{suite.NAME}` on this machine", hint)
    if suite.NAME in _SHIPPED:
        package, name = _SHIPPED[suite.NAME]
        return Path(str(resources.files(package) / name))
    raise ConfigError(f"`{suite.NAME}` needs data", "--data FILE")


def _place(suite: Suite, folder: Path) -> Path:
    return folder / suite.NAME


def digest(path: Path) -> str:
    """The SHA-256 of a file, or of the names and contents of a folder's files."""
    if path.is_file():
        return models.digest(path)
    whole = hashlib.sha256()
    for file in _files(path):
        whole.update(f"{file.relative_to(path).as_posix()}\0{models.digest(file)}\n".encode())
    return whole.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    yield from (file for file in sorted(folder.rglob("*")) if file.is_file())
