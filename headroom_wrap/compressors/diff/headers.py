"""The lines between the hunks: what git says four times about a file is said once."""

from __future__ import annotations

import re
from collections.abc import Callable

_MARK = "[diff; what stands above a file's hunks in one line]"
_INDEX = r"([0-9a-f]{7,64}\.\.[0-9a-f]{7,64})(?: (\d{6}))?"
_GIT = re.compile(
    r"^diff --git a/(?P<path>.+) b/(?P=path)\n(?:(new|deleted) file mode (\d{6})\n)?"
    rf"index {_INDEX}\n(?:--- .+\n\+\+\+ .+|(Binary) files .+ differ)$",
    re.MULTILINE,
)
_RENAMED = re.compile(
    r"^diff --git a/(.+) b/(.+)\nsimilarity index (\d+)%\nrename from \1\nrename to \2$"
    rf"(?:\nindex {_INDEX}\n--- a/\1\n\+\+\+ b/\2$)?",
    re.MULTILINE,
)
_FOLDERS = re.compile(
    r"^diff (-[^\n]*?) (\S+) (\S+)\n--- \2\t([^\t\n]*)\n\+\+\+ \3\t([^\t\n]*)$", re.MULTILINE
)
_SAID_GIT = re.compile(rf"(.+) {_INDEX}(?: (new|deleted) (\d{{6}}))?( binary)?")
_SAID_RENAMED = re.compile(rf"(.+) => (.+) (\d+)% same(?: {_INDEX})?")
_SAID_FOLDERS = re.compile(r"(-.*?) (\S+) (\S+)\t([^\t]*)\t([^\t]*)")
_START = "diff "


def write(text: str, query: str = "") -> str:
    """`text` with each file's headers in one line, where they can be told from it.

    Those that the query names as git does, with `a/` or `b/` in front, stay as they are, and so
    does a text with lines that would be read as ours.
    """
    if any(_told(line) != line for line in text.split("\n") if line.startswith(_START)):
        return text

    def unless_named(say: Callable[[re.Match[str]], str]) -> Callable[[re.Match[str]], str]:
        def said(found: re.Match[str]) -> str:
            names = found.group().split("\n", 1)[0].split(" ")
            named = any(n[:2] in ("a/", "b/") and n in query for n in names)
            return found.group() if named else say(found)

        return said

    short = _GIT.sub(unless_named(_say_git), text)
    short = _RENAMED.sub(unless_named(_say_renamed), short)
    return f"{_MARK}\n{_FOLDERS.sub(_say_folders, short)}"


def restore(text: str) -> str:
    if not text.startswith(f"{_MARK}\n"):
        return text
    return "\n".join(
        _told(line) if line.startswith(_START) else line for line in text.split("\n")[1:]
    )


def _proven(said: str, found: re.Match[str]) -> str:
    return said if _told(said) == found.group() else found.group()


def _say_git(found: re.Match[str]) -> str:
    path, change, mode, index, same_mode, binary = found.groups()
    said = f"{_START}{path} {index}" + (f" {same_mode}" if same_mode else "")
    said += f" {change} {mode}" if change else ""
    return _proven(said + (" binary" if binary else ""), found)


def _say_renamed(found: re.Match[str]) -> str:
    old, new, same, index, mode = found.groups()
    said = f"{_START}{old} => {new} {same}% same"
    said += f" {index}" if index else ""
    return _proven(said + (f" {mode}" if mode else ""), found)


def _say_folders(found: re.Match[str]) -> str:
    flags, old, new, before, after = found.groups()
    return _proven(f"{_START}{flags} {old} {new}\t{before}\t{after}", found)


def _told(said: str) -> str:
    body = said[len(_START) :]
    if found := _SAID_FOLDERS.fullmatch(body):
        flags, old, new, before, after = found.groups()
        return f"diff {flags} {old} {new}\n--- {old}\t{before}\n+++ {new}\t{after}"
    if body.startswith("-"):
        return said
    if found := _SAID_RENAMED.fullmatch(body):
        return _told_renamed(*found.groups())
    if found := _SAID_GIT.fullmatch(body):
        return _told_git(*found.groups())
    return said


def _told_git(
    path: str, index: str, mode: str | None, change: str | None, new_mode: str | None, bin_: str
) -> str:
    lines = [f"diff --git a/{path} b/{path}"]
    if change:
        lines.append(f"{change} file mode {new_mode}")
    lines.append(f"index {index}" + (f" {mode}" if mode else ""))
    old = "/dev/null" if change == "new" else f"a/{path}"
    new = "/dev/null" if change == "deleted" else f"b/{path}"
    lines += [f"Binary files {old} and {new} differ"] if bin_ else [f"--- {old}", f"+++ {new}"]
    return "\n".join(lines)


def _told_renamed(old: str, new: str, same: str, index: str | None, mode: str | None) -> str:
    lines = [f"diff --git a/{old} b/{new}", f"similarity index {same}%"]
    lines += [f"rename from {old}", f"rename to {new}"]
    if index:
        lines.append(f"index {index}" + (f" {mode}" if mode else ""))
        lines += [f"--- a/{old}", f"+++ b/{new}"]
    return "\n".join(lines)
