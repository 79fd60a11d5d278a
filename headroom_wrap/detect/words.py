"""Shell text cut into words, operators and redirections, never failing on what a model writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_OPERATOR = re.compile(r"\|\||&&|\|&|;;&?|[|&;()\n]")
_REDIRECT = re.compile(
    r"(?P<fd>\d*|&)(?P<way><<<|<<-?|<>|<&|>>|>&|>\||<|>)(?P<dup>(?<=&)(?:\d+-?|-))?"
)
_BLANK = re.compile(r"(?:[ \t\r]|\\\r?\n)+")
_PLAIN = re.compile(r"[^\s\\'\"`$()|&;<>]+")
_DOUBLE = re.compile(r"[^\"\\$`]+")


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is "word", "operator" or "redirect"; a redirect's text is `fd` + sign, e.g. `2>`."""

    kind: str
    text: str
    body: str = ""
    """What a here-document or here-string feeds in, or the duplicated descriptor of `2>&1`."""


def tokens(command: str) -> Iterator[Token]:
    """The tokens of a shell text; an unclosed quote or bracket runs to the end."""
    at, end = 0, len(command)
    waiting: list[str] = []
    while at < end:
        if blank := _BLANK.match(command, at):
            at = blank.end()
        elif command[at] == "#":
            at = _line_end(command, at)
        elif (sign := _REDIRECT.match(command, at)) and not command.startswith(("<(", ">("), at):
            at = sign.end()
            way = sign["way"]
            if way in ("<<", "<<-"):
                word, at = _word(command, _skip_blank(command, at))
                waiting.append(word)
                yield Token("redirect", "<<")
            else:
                yield Token("redirect", sign["fd"] + way, sign["dup"] or "")
        elif operator := _OPERATOR.match(command, at):
            at = operator.end()
            yield Token("operator", operator.group())
            if operator.group() == "\n" and waiting:
                at = _after_documents(command, at, waiting)
                waiting = []
        else:
            word, after = _word(command, at)
            at = max(after, at + 1)
            yield Token("word", word)


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _skip_blank(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at


def _after_documents(text: str, at: int, words: list[str]) -> int:
    for word in words:
        while at < len(text):
            end = _line_end(text, at)
            line, at = text[at:end].strip(), min(end + 1, len(text))
            if line == word:
                break
    return at


def _word(text: str, at: int) -> tuple[str, int]:
    """One word with its quotes removed; substitutions are kept as they are written."""
    parts: list[str] = []
    while at < len(text):
        char = text[at]
        if plain := _PLAIN.match(text, at):
            parts.append(plain.group())
            at = plain.end()
        elif char == "'":
            close = text.find("'", at + 1)
            close = len(text) if close < 0 else close
            parts.append(text[at + 1 : close])
            at = close + 1
        elif char == '"':
            inner, at = _double(text, at + 1)
            parts.append(inner)
        elif char == "\\":
            parts.append(text[at + 1 : at + 2])
            at += 2
        elif char in "$`" or text.startswith(("<(", ">("), at):
            after = _substitution(text, at)
            parts.append(text[at:after])
            at = after
        else:
            break
    return "".join(parts), at


def _double(text: str, at: int) -> tuple[str, int]:
    parts: list[str] = []
    while at < len(text):
        char = text[at]
        if plain := _DOUBLE.match(text, at):
            parts.append(plain.group())
            at = plain.end()
        elif char == '"':
            return "".join(parts), at + 1
        elif char == "\\":
            escaped = text[at + 1 : at + 2]
            parts.append(escaped if escaped in '"\\$`' else "\\" + escaped)
            at += 2
        else:
            after = _substitution(text, at)
            parts.append(text[at:after])
            at = after
    return "".join(parts), at


def _substitution(text: str, at: int) -> int:
    """Where `$(…)`, `${…}`, `` `…` ``, `<(…)` or a lone `$` that starts at `at` ends."""
    if text[at] == "`":
        close = text.find("`", at + 1)
        return len(text) if close < 0 else close + 1
    opener = text[at + 1 : at + 2]
    if opener not in ("(", "{"):
        return at + 1
    depth, at = 0, at + 1
    closer = ")" if opener == "(" else "}"
    while at < len(text):
        char = text[at]
        at += 1
        if char == opener:
            depth += 1
        elif char == closer:
            depth -= 1
            if depth == 0:
                break
        elif char == "\\":
            at += 1
        elif char in "'\"":
            close = text.find(char, at)
            at = len(text) if close < 0 else close + 1
    return min(at, len(text))
