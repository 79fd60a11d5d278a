"""`rg --json` as the search results it stands for: every record is rebuilt from one short line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from headroom_wrap.compressors import _running

_HEADER = "[rg --json: file; line@offset columns:text; = statistics]"
_RECORD = re.compile(r'\{"(?:type|data)":')
_BEGIN = '{"type":"begin"'
_SUMMED = ('{"type":"end"', '{"data":{"binary_offset"')
_MATCH = re.compile(r"(\d+)([@~])(\d+)((?: \d+-\d+)*):(.*)")
_END = re.compile(r"= (\d+) lines (\d+) matches (\d+)/(\d+) bytes (\d+)\.(\d{9})s")
_HEADING = re.compile(r"> (.*)")
_KINDS = {"@": "match", "~": "context"}
_NOT_A_LINE = re.compile(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029\ud800-\udfff]")


def is_records(text: str) -> bool:
    return text.startswith(_BEGIN)


def is_statistics(line: str) -> bool:
    """Whether a record tells of the search of a file, not of a match."""
    return line.startswith(_SUMMED)


def is_written(text: str) -> bool:
    return text.startswith(_HEADER)


def write(text: str, asked: Callable[[str], bool] = lambda line: False) -> str:
    """`text` with the records shortened that can be rebuilt; asked-for statistics stay whole."""

    def propose(path: str, lines: Sequence[str], i: int) -> Iterator[tuple[str, ...]]:
        if not (is_statistics(lines[i]) and asked(lines[i])):
            yield from _propose(path, lines, i)

    return f"{_HEADER}\n{_running.write(text, '', _read, propose)}"


def restore(text: str) -> str:
    return _running.restore(text[len(_HEADER) + 1 :], "", _read)


def _propose(path: str, lines: Sequence[str], i: int) -> Iterator[tuple[str, ...]]:
    if not _RECORD.match(lines[i]):
        return
    try:
        record = json.loads(lines[i])
        said = _SAY[record["type"]](record["data"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return
    if said and not _NOT_A_LINE.search(said):
        yield (said,)


def _say_begin(data: dict[str, Any]) -> str:
    return f"> {data['path']['text']}"


def _say_match(data: dict[str, Any], sign: str = "@") -> str:
    columns = "".join(f" {m['start']}-{m['end']}" for m in data["submatches"])
    text = data["lines"]["text"]
    if not text.endswith("\n"):
        return ""
    return f"{data['line_number']}{sign}{data['absolute_offset']}{columns}:{text[:-1]}"


def _say_context(data: dict[str, Any]) -> str:
    return _say_match(data, "~")


def _say_end(data: dict[str, Any]) -> str:
    stats = data["stats"]
    took = stats["elapsed"]
    return (
        f"= {stats['matched_lines']} lines {stats['matches']} matches "
        f"{stats['bytes_printed']}/{stats['bytes_searched']} bytes "
        f"{took['secs']}.{took['nanos']:09d}s"
    )


_SAY = {"begin": _say_begin, "match": _say_match, "context": _say_context, "end": _say_end}


def _read(path: str, line: str) -> tuple[str | None, str]:
    if found := _MATCH.fullmatch(line):
        return _match(path, *found.groups()), path
    if found := _END.fullmatch(line):
        return _end(path, found), path
    if found := _HEADING.fullmatch(line):
        return _dump("begin", {"path": {"text": found[1]}}), found[1]
    return line, path


def _match(path: str, number: str, sign: str, offset: str, columns: str, text: str) -> str:
    whole = f"{text}\n"
    coded = whole.encode("utf-8", "surrogatepass")
    submatches = []
    for pair in columns.split():
        start, end = (int(n[:9]) for n in pair.split("-"))
        part = coded[start:end].decode("utf-8", "replace")
        submatches.append({"match": {"text": part}, "start": start, "end": end})
    data = {
        "path": {"text": path},
        "lines": {"text": whole},
        "line_number": int(number[:18]),
        "absolute_offset": int(offset[:18]),
        "submatches": submatches,
    }
    return _dump(_KINDS[sign], data)


def _end(path: str, found: re.Match[str]) -> str:
    lines, matches, printed, searched, secs, nanos = (int(n[:18]) for n in found.groups())
    elapsed = {"secs": secs, "nanos": nanos, "human": f"{secs + nanos / 1e9:.6f}s"}
    stats = {
        "elapsed": elapsed,
        "searches": 1,
        "searches_with_match": 1,
        "bytes_searched": searched,
        "bytes_printed": printed,
        "matched_lines": lines,
        "matches": matches,
    }
    return _dump("end", {"path": {"text": path}, "binary_offset": None, "stats": stats})


_spell = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _dump(kind: str, data: dict[str, Any]) -> str:
    return _spell({"type": kind, "data": data})
