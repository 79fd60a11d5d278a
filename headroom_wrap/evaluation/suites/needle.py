"""Needles: whether one value of a tool's output is still there, when it is asked for and when not.

Offline: nobody is asked. A needle is a value that stands in one line only, beside another that the
question names; what is left out is behind the marker, and that is checked too.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from headroom_wrap.evaluation import talk
from headroom_wrap.evaluation.rows import Answer, Json, Prompt, Row
from headroom_wrap.evaluation.suites import _ask, _files
from headroom_wrap.evaluation.suites._api import Source

NAME = "needle"
ABOUT = "single values of tool outputs, asked for and not (texts; a folder with index.jsonl)"
SOURCES: tuple[Source, ...] = ()
METRICS: tuple[str, ...] = ()
TOKENS = 0
MIXES = False
_DEPTHS = (0.05, 0.25, 0.5, 0.75, 0.95)
_VALUE = re.compile(r"[A-Za-z0-9][\w./:@+-]{2,}[A-Za-z0-9]")
_TELLING = re.compile(r"[\d_/@]|.{7}")


def load(path: Path) -> Iterator[Row]:
    """A text; `{"text": …, "command": …}` a line; a folder whose index.jsonl names files and
    commands; or a folder of golden cases."""
    if path.is_dir():
        rows = _indexed(path) if (path / "index.jsonl").exists() else _golden(path)
    elif path.suffix == ".jsonl":
        rows = _files.lines(path)
    else:
        rows = iter([{"id": path.name, "text": _files.text(path)}])
    try:
        for number, row in enumerate(rows):
            yield from _needles(str(row.get("id", number)), row)
    except (KeyError, TypeError) as problem:
        form = '{"text": …, "command": …} a line'
        raise _files.unlike(path, NAME, form, problem) from problem


def _indexed(folder: Path) -> Iterator[Json]:
    for row in _files.lines(folder / "index.jsonl"):
        yield {"id": row["file"], **row, "text": _files.text(folder / row["file"])}


def _golden(folder: Path) -> Iterator[Json]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    for file in sorted(folder.rglob("*.in")):
        beside = file.with_suffix(".toml")
        about = tomllib.loads(_files.text(beside)) if beside.exists() else {}
        known = {key: about[key] for key in ("tool", "command", "path") if key in about}
        # Recorded terminals hold what is no UTF-8; those bytes are nobody's needle.
        text = file.read_bytes().decode("utf-8", "replace")
        yield {"id": f"{file.parent.name}/{file.stem}", **known, "text": text}


def _needles(name: str, row: Json) -> Iterator[Row]:
    """At each depth the next line with two values that stand nowhere else, asked and not."""
    lines = row["text"].split("\n")
    often = Counter(_VALUE.findall(row["text"]))
    used: set[int] = set()
    for depth in _DEPTHS:
        for at in range(int(depth * len(lines)), len(lines)):
            rare = [v for v in _VALUE.findall(lines[at]) if often[v] == 1 and _TELLING.search(v)]
            if at in used or len(rare) < 2:
                continue
            used.add(at)
            key, value = rare[0], rare[-1]
            for group, asked in (("asked", f"What stands beside {key}?"), ("not asked", "Go on.")):
                label = f"{name}:{at + 1}/{group}"
                yield Row(label, asked, (row["text"],), needs=(value,), group=group, about=row)
            break


def prompt(row: Row) -> Prompt:
    """The question, the command, and what it printed."""
    name = _ask.call_id(row)
    tool, path = row.about.get("tool") or "Bash", row.about.get("path")
    given = {"file_path": path} if path else {"command": row.about.get("command", "")}
    calls = [talk.call(name, tool, given)]
    return Prompt(
        (
            {"role": "user", "content": row.question},
            talk.assistant("", calls),
            {"role": "tool", "tool_call_id": name, "content": row.passages[0]},
        )
    )


def score(row: Row, answer: Answer) -> dict[str, float]:
    return {}


def same(one: Answer, other: Answer) -> bool:
    return one == other
