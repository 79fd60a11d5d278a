"""The commits of `git log`, each told by what differs from the one above."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from headroom_wrap.compressors.gitlog import stat

_HEADER = "[git log; author and time zone where they change, each mail address once]"
_START = re.compile(r"^(?=\\?commit [0-9a-f]{7,64}\b)", re.MULTILINE)
_SAID_START = re.compile(
    r"^(?=\\?commit [0-9a-f]{7,64}\b|[0-9a-f]{40}\b|[0-9a-f]{10}…)", re.MULTILINE
)
_OURS = re.compile(r"^(?:\\commit |[0-9a-f]{40}\b|[0-9a-f]{10}…)", re.MULTILINE)
_COMMIT = "commit "
_NAMED_DAY = re.compile(r"([A-Z][a-z]{2}) ([A-Z][a-z]{2}) (\d\d?) (\d\d:\d\d:\d\d) (\d{4})")
_DAY = re.compile(r"([A-Z][a-z]{2}) (\d\d?) (\d\d:\d\d:\d\d) (\d{4})")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_FIELD = re.compile(r"([A-Z][A-Za-z]*): .*")
_SAME = ("Author", "Commit")
_PEOPLE = ("Author: ", "Commit: ")
_LITERAL = "\\"
_MARGIN = "    "
_DATE = "Date:   "
_DATED = re.compile(
    r"(?:[A-Z][a-z]{2} ){1,2}[ \d]?\d \d\d:\d\d:\d\d \d{4}|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"
    r"|[A-Z][a-z]{2}, \d\d? [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d"
)
_ZONE = re.compile(r" [+-]\d{4}")
_SAID_DATE = re.compile(rf"({_DATED.pattern})({_ZONE.pattern})?")
_PERSON = re.compile(r"((?:Author|Commit): +)([^<>]+)( <[^<>]*>)")


@dataclass(frozen=True, slots=True)
class _Record:
    """A commit as it is printed: its own line, fields, message and what stands below that."""

    commit: str
    fields: tuple[str, ...]
    message: tuple[str, ...]
    tail: tuple[str, ...]


def write(text: str, asked: Callable[[str], bool] = lambda line: False) -> str | None:
    """`text` with the commits shortened that can be read back, or None where lines look like ours.

    Those that hold an asked-for line keep all their fields.
    """
    if _OURS.search(text):
        return None
    above: tuple[str, ...] = ()
    mails: dict[str, str] = {}
    written: list[str] = []
    for record, end in _records(text, _START):
        full = any(map(asked, record.split("\n")))
        known = {} if full else mails
        said = _said(record, () if full else above, known) if _START.match(record) else None
        if said is not None and _is_one(said) and _told(said, above, mails) == record:
            written.append(said + end)
            above = _fields(record)
            mails |= _mails(above)
        else:
            written.append((_LITERAL if record.startswith(_COMMIT) else "") + record + end)
    return f"{_HEADER}\n{''.join(written)}"


def restore(text: str) -> str:
    if not text.startswith(_HEADER):
        return text
    above: tuple[str, ...] = ()
    mails: dict[str, str] = {}
    told: list[str] = []
    for record, end in _records(text[len(_HEADER) + 1 :], _SAID_START):
        if not record.startswith(_LITERAL) and _SAID_START.match(record):
            full = _told(record, above, mails)
            above = _fields(full)
            mails |= _mails(above)
        else:
            full = record.removeprefix(_LITERAL)
        told.append(full + end)
    return "".join(told)


def _is_one(said: str) -> bool:
    """Whether no line but the first would be read as the start of a commit."""
    return _SAID_START.search(said, 1) is None


def _records(text: str, start: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Each record and the line breaks behind it."""
    for part in start.split(text):
        body = part.rstrip("\n")
        if part:
            yield body, part[len(body) :]


def _fields(record: str) -> tuple[str, ...]:
    lines = record.split("\n")[1:]
    end = next((i for i, line in enumerate(lines) if not _FIELD.fullmatch(line)), len(lines))
    return tuple(lines[:end])


def _parse(record: str) -> _Record | None:
    lines = record.split("\n")
    fields = _fields(record)
    rest = lines[1 + len(fields) :]
    if not fields or rest[:1] not in ([], [""]):
        return None
    body = rest[1:]
    end = next((i for i, x in enumerate(body) if x and not x.startswith(_MARGIN)), len(body))
    if end < len(body):
        if not end or body[end - 1]:
            return None
        return _Record(lines[0], fields, tuple(body[: end - 1]), tuple(body[end:]))
    return _Record(lines[0], fields, tuple(body), ())


def _mails(fields: tuple[str, ...]) -> dict[str, str]:
    """The addresses of the people in the fields."""
    return {m[2]: m[3] for field in fields if (m := _PERSON.fullmatch(field))}


def _said(record: str, above: tuple[str, ...], mails: dict[str, str]) -> str | None:
    parsed = _parse(record)
    if parsed is None:
        return None
    zone = _zone(above)
    fields = [
        _said_date(f, zone) if zone and f.startswith(_DATE) else _said_person(f, mails)
        for f in parsed.fields
        if f not in above or f.split(":")[0] not in _SAME
    ]
    message = [line[len(_MARGIN) - 1 :] for line in parsed.message]
    commit = parsed.commit.removeprefix(_COMMIT)
    commit = commit if above and _SAID_START.match(commit) else parsed.commit
    return "\n".join((commit, *fields, *message, *stat.say(parsed.tail)))


def _said_person(field: str, mails: dict[str, str]) -> str:
    found = _PERSON.fullmatch(field)
    return found[1] + found[2] if found and mails.get(found[2]) == found[3] else field


def _said_date(field: str, zone: str) -> str:
    """A date as it is, with its time zone where that is not `zone`."""
    date = field.removeprefix(_DATE)
    own = _ZONE.fullmatch(date[-6:])
    if own is None:
        return field
    return _undated(date[:-6]) + ("" if own.group() == zone else own.group())


def _undated(date: str) -> str:
    """A date without its day of the week, which follows from it."""
    short = date.partition(" ")[2]
    return short if _NAMED_DAY.fullmatch(date) and _dated(short) == date else date


def _dated(date: str) -> str:
    found = _DAY.fullmatch(date)
    if not found or found[1] not in _MONTHS:
        return date
    try:
        day = datetime.date(int(found[4]), _MONTHS.index(found[1]) + 1, int(found[2])).weekday()
    except ValueError:
        return date
    return f"{_DAYS[day]} {date}"


def _zone(fields: tuple[str, ...]) -> str:
    """The time zone of the `Date:` field."""
    dates = (field for field in fields if field.startswith(_DATE))
    found = next((m for date in dates if (m := _ZONE.fullmatch(date[-6:]))), None)
    return found.group() if found else ""


def _told(said: str, above: tuple[str, ...], mails: dict[str, str]) -> str:
    zone = _zone(above)
    lines = [
        f"{_DATE}{_dated(found[1])}{found[2] or zone}"
        if (found := _SAID_DATE.fullmatch(line))
        else line
        for line in said.split("\n")
    ]
    if not lines[0].startswith(_COMMIT):
        lines[0] = _COMMIT + lines[0]
    fields = _fields("\n".join(lines))
    rest = lines[1 + len(fields) :]
    fields = tuple(_told_person(field, mails) for field in fields)
    end = next((i for i, x in enumerate(rest) if x and x[0] != " "), len(rest))
    message = [_MARGIN[1:] + line if line else "" for line in rest[:end]]
    tail = stat.tell(rest[end:])
    body = ["", *message] if message else []
    below = ["", *tail] if tail else []
    return "\n".join((lines[0], *_all_fields(fields, above), *body, *below))


def _told_person(field: str, mails: dict[str, str]) -> str:
    name = field.partition(":")[2].strip()
    return field + mails[name] if field.startswith(_PEOPLE) and name in mails else field


def _all_fields(fields: tuple[str, ...], above: tuple[str, ...]) -> Iterator[str]:
    """The fields with those that are as in the commit above put back where they stood there."""
    here = {field.split(":")[0] for field in fields}
    names = [field.split(":")[0] for field in above]
    waiting = {n: field for n, field in zip(names, above, strict=True) if n in _SAME}
    for field in fields:
        name = field.split(":")[0]
        for earlier in names[: names.index(name)] if name in names else ():
            if earlier not in here and earlier in waiting:
                yield waiting.pop(earlier)
        yield field
    for name, field in waiting.items():
        if name not in here:
            yield field
