"""Model files beside the one that ships: where they lie, where they are fetched, which is used."""

from __future__ import annotations

import hashlib
import logging
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from headroom_wrap.config import Config
from headroom_wrap.errors import HeadroomError
from headroom_wrap.kompress import model_path, use
from headroom_wrap.kompress.weights import Weights

_log = logging.getLogger(__name__)
SHIPPED = "kompress-mini"
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")
_PIECE = 1 << 20
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Source:
    """A checkpoint on a hub: files to fetch, the checkpoint first, the tokenizer second."""

    name: str
    about: str
    base: str
    files: tuple[str, str]


SOURCES = (
    Source(
        "kompress-v2-base",
        "ModernBERT, 150 M parameters, token and span heads; drops words in `lean`",
        "https://huggingface.co/chopratejas/kompress-v2-base/resolve/main",
        ("merged.pt", "tokenizer.json"),
    ),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A model file on this machine."""

    name: str
    path: Path
    architecture: str
    bytes: int
    sha256: str


def source(name: str) -> Source:
    """The hub's checkpoint of that name."""
    for known in SOURCES:
        if known.name == name:
            return known
    names = ", ".join(known.name for known in SOURCES)
    raise HeadroomError(f"no model `{name}` to pull", hint=f"there is {names}")


def installed(folder: Path) -> Iterator[Found]:
    """The shipped model, then those in `folder`; files that are no models are left out."""
    for path in [model_path(), *sorted(folder.glob("*.gguf"))]:
        try:
            architecture = str(Weights(path).meta.get("general.architecture", "?"))
        except HeadroomError:
            continue
        yield Found(path.stem, path, architecture, path.stat().st_size, digest(path))


def located(folder: Path, name: str) -> Path:
    """The file of a model by name."""
    if name in ("", SHIPPED):
        return model_path()
    path = folder / f"{name}.gguf"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise HeadroomError(
            f"no model `{name}` on this machine", hint="`headroom model list`, `… pull`"
        )
    return path


def choose(config: Config) -> None:
    """Use the model that the settings name; one that is gone is no reason not to start."""
    if not config.model:
        return
    try:
        use(located(config.paths.data / "models", config.model))
    except HeadroomError as problem:
        _log.warning("%s: the shipped model is used", problem)


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            found.update(piece)
    return found.hexdigest()


def fetch(url: str, to: Path, progress: Progress) -> Path:
    """Download to `to`, going on where an earlier try broke off."""
    import urllib.error
    import urllib.request

    part = to.with_name(to.name + ".part")
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            resumed = answer.status == 206
            total = int(answer.headers.get("Content-Length") or 0) + (have if resumed else 0)
            with part.open("ab" if resumed else "wb") as file:
                while piece := answer.read(_PIECE):
                    file.write(piece)
                    progress(to.name, file.tell(), total)
    except urllib.error.HTTPError as error:
        if error.code != 416 or not have:  # 416: it was all there already
            raise _unreachable(url, str(error)) from error
    except (OSError, ValueError) as error:
        raise _unreachable(url, str(error)) from error
    else:
        if total and part.stat().st_size < total:
            raise _unreachable(url, "the connection broke off")
    os.replace(part, to)
    return to


def _unreachable(url: str, why: str) -> HeadroomError:
    return HeadroomError(
        f"cannot fetch {url}: {why}",
        hint="run it again to go on; offline, bring the files and `headroom model convert` them",
    )


def converted(checkpoint: Path, tokenizer: Path, out: Path, layers: str = "Q8_0") -> Path:
    """Write a Kompress checkpoint as GGUF; the file appears when it is whole."""
    from headroom_wrap.kompress import convert, modernbert

    model, extra = modernbert.read(checkpoint, tokenizer)
    part = out.with_name(out.name + ".part")
    embedding = "Q8_0" if layers == "Q4_0" else layers
    convert.write(model, part, convert.Types(layers, embedding), extra)
    os.replace(part, out)
    return out
