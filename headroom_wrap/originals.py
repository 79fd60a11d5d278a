"""Finds an original by the hash in its marker, or says what is known about one that is gone."""

from __future__ import annotations

from typing import NoReturn

from headroom_wrap import ledger, marker
from headroom_wrap.errors import StoreError
from headroom_wrap.original import Original
from headroom_wrap.store import Store

_CHECK = "check the hash; markers are shown as [headroom HASH: …]"
_UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"))


def find(store: Store, name: str, project: str | None) -> Original:
    """The original whose hash begins with `name`; raises StoreError with how to get it again.

    A whole marker, or the file that it names, is as good as the hash in it.

    Originals of other projects are not given away; with None, any project's is. Two projects may
    have seen the same text: it is kept once, and each has it.
    """
    name = _hash(name)
    found = store.original(name)
    if found is None:
        raise StoreError(f"no original {name!r}{_known(store, name)}", _again(store, name))
    if project is not None and not _theirs(store, found, project):
        raise StoreError(
            f"the original {name!r} belongs to another project",
            "run this in the folder where the agent was started, or `headroom get --anywhere`",
        )
    return found


def unknown(name: str) -> NoReturn:
    """Raises what `find` raises for a hash that no marker names."""
    raise StoreError(f"no original {name!r}: no marker of ours names it", _CHECK)


def _hash(name: str) -> str:
    given = name.strip()
    return (marker.hashes(given) or [given.rpartition("/")[2]])[0].lower()


def _theirs(store: Store, found: Original, project: str) -> bool:
    if not found.project or _inside(project, found.project):
        return True
    rows = ledger.rows(store) if project else ()
    return any(
        shown.hash == found.hash
        for row in rows
        if row.project and _inside(project, row.project)
        for shown in row.new
    )


def _inside(folder: str, project: str) -> bool:
    return folder == project or folder.startswith(project.rstrip("/") + "/")


def _shown(store: Store, name: str) -> tuple[ledger.Shown, float] | None:
    if len(name) < 6:
        return None
    found = None
    for row in ledger.rows(store):
        for shown in row.new:
            if shown.hash.startswith(name):
                found = shown, row.at
    return found


def _known(store: Store, name: str) -> str:
    found = _shown(store, name)
    if found is None:
        return ": no marker of ours names it"
    return f" any more: it was the result of `{_call(found[0])}` {_ago(ledger.now() - found[1])}"


def _again(store: Store, name: str) -> str:
    found = _shown(store, name)
    if found is None:
        return _CHECK
    return f"get it again with: {_call(found[0])}"


def _call(shown: ledger.Shown) -> str:
    return (
        shown.command
        if shown.tool.lower() in ("bash", "shell")
        else f"{shown.tool} {shown.command}"
    )


def _ago(seconds: float) -> str:
    """ "3 days ago"."""
    for size, unit in _UNITS:
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"
