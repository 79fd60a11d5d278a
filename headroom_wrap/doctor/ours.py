"""What is ours on this machine: authority, store, what was left behind, the model."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from headroom_wrap import config, ledger, rebuild, retention, secret, spill
from headroom_wrap.config import Config
from headroom_wrap.doctor.finding import Finding, broken, fine, odd
from headroom_wrap.errors import HeadroomError, StoreError
from headroom_wrap.store import Store

_RECENT = 7 * 86400.0
_LOOSE = 0o077


def authority(settings: Config) -> Iterator[Finding]:
    """Our certificate authorities: private, and not about to end."""
    from cryptography.x509 import ExtensionNotFound

    from headroom_wrap.proxy import ca

    folder = settings.paths.authority
    files = sorted(folder.glob(f"*/{ca.FILE}"))
    if not files:
        yield fine("authority", "none yet: made by the first `headroom wrap`")
        return
    loose = [str(path) for path in (folder, *files) if path.stat().st_mode & _LOOSE]
    if loose:
        step = f"headroom ca rotate, or chmod go= {loose[0]}"
        yield broken("authority", f"others can read {loose[0]}", step)
    try:
        ends = min(ca.facts(file)["until"] for file in files)
    except (ValueError, ExtensionNotFound):
        yield broken("authority", f"a file in {folder} is damaged", f"rm -r {folder}")
        return
    yield fine("authority", f"{len(files)}, valid until {ends}, renewed by themselves")


def store(settings: Config) -> Iterator[Finding]:
    """It opens, takes a row, and has room."""
    folder = settings.paths.store
    if not folder.exists():
        yield _none_yet(folder)
        return
    try:
        if not rebuild.sound(folder):
            rebuild.sign(folder)
        opened = Store(folder, cipher=secret.cipher(settings.encrypt, config.environment()))
    except (HeadroomError, OSError) as problem:
        step = getattr(problem, "hint", "") or "check the folder's permissions"
        yield broken("store", str(problem), step)
        return
    try:
        opened.stamp("doctor", ledger.now())
        count, size = opened.kept()
    except StoreError as problem:
        yield broken("store", str(problem), problem.hint)
        return
    finally:
        opened.close()
    words = f"{count:,} originals, {size / 1e6:,.0f} MB in {folder}"
    left = folder / rebuild.KEPT
    if left.exists():
        built = f"it was damaged and has been built anew; {count:,} originals are there"
        yield odd("store", built, f"when you miss nothing: rm {left}")
    elif size > 2 * retention.LARGEST:
        yield odd("store", words, "headroom clear --older 7d")
    else:
        yield fine("store", words)


def _none_yet(folder: Path) -> Finding:
    place = next(path for path in folder.parents if path.exists())
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        words = f"nothing can be written to {place}: no session can start"
        return broken(
            "store", words, "check its permissions, or set HEADROOM_HOME to a folder of yours"
        )
    return fine("store", "none yet: made by the first `headroom wrap`")


def prefixes(settings: Config) -> Iterator[Finding]:
    """Whether anything that was sent once was sent differently later."""
    if not settings.paths.store.exists():
        return
    try:
        with contextlib.closing(Store(settings.paths.store, mend=False)) as opened:
            rows = list(ledger.rows(opened, ledger.now() - _RECENT))
    except StoreError:
        # What is wrong with it is said by the check of the store.
        return
    broken_rows = sum(1 for row in rows if row.broken)
    if broken_rows:
        words = f"{broken_rows} of {len(rows)} requests of the last week broke a cached prefix"
        yield broken("prompt cache", words, "headroom inspect shows them: please report it")
    elif rows:
        yield fine("prompt cache", f"no prefix broken in {len(rows):,} requests of the last week")


def leftovers(settings: Config) -> Iterator[Finding]:
    """Folders of originals whose sessions are gone, and files that others could read."""
    root = settings.paths.originals
    folders = [path for path in root.glob("*") if spill.ours(path)] if root.exists() else []
    live = spill.live_since(root) if folders else {}
    dead = [path for path in folders if path.name[: spill.SHORT] not in live]
    if dead:
        step = f"the next `headroom wrap` removes them, or: rm -r {dead[0]}"
        yield odd("leftovers", f"{len(dead)} folders of sessions that were killed", step)
    elif live:
        yield fine("sessions", f"{len(live)} running")
    loose = [path for path in _files(settings) if path.stat().st_mode & _LOOSE]
    if loose:
        yield odd("privacy", f"others can read {loose[0]}", f"chmod go= {loose[0]}")


def _files(settings: Config) -> Iterator[Path]:
    data = settings.paths.data
    if data.exists() and os.name == "posix":
        yield from (path for path in data.rglob("*") if path.is_file())


def model(settings: Config) -> Iterator[Finding]:
    """The prose model, and the library that runs it."""
    from importlib import util

    from headroom_wrap import kompress
    from headroom_wrap.kompress import models

    try:
        models.located(settings.paths.data / "models", settings.model)
    except HeadroomError as problem:
        step = f"headroom model pull {settings.model}, or headroom model use {models.SHIPPED}"
        yield odd("kompress", f"{problem}: the shipped one is used", step)
    file = kompress.model_path()
    if not file.exists():
        yield broken("kompress", f"{file} is missing", "install headroom-wrap again")
    elif util.find_spec("llama_cpp") is None:
        words = "llama-cpp-python is not installed: word vectors alone choose in prose"
        yield odd("kompress", words, "pip install 'headroom-wrap[kompress]' (needs a compiler)")
    else:
        yield fine("kompress", f"model of {file.stat().st_size / 1e6:.0f} MB, llama-cpp-python")
