"""Whether a string can still be found in what the model sees."""

from __future__ import annotations

import html
import re

_ESCAPES = (('\\"', '"'), ('""', '"'), ("\\n", "\n"), ("\\t", "\t"), ("\\\\", "\\"), ("\\/", "/"))
_BLANKS = re.compile(r"\s+")


class Haystack:
    """A text as it stands, without the escapes of JSON, CSV and HTML, and with single blanks."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = _unescaped(_unescaped(text))
        self._folded = [_BLANKS.sub(" ", form) for form in (self.text, self.plain)]

    def holds(self, needle: str) -> bool:
        folded = _BLANKS.sub(" ", needle).strip()
        return (
            needle in self.text
            or needle in self.plain
            or _unescaped(needle) in self.plain
            or any(folded in form for form in self._folded)
        )

    def one_line_holds(self, parts: list[str]) -> bool:
        return any(
            all(part in line for part in parts)
            for form in (self.text, self.plain)
            for line in form.split("\n")
        )


def _unescaped(text: str) -> str:
    for escaped, plain in _ESCAPES:
        text = text.replace(escaped, plain)
    return html.unescape(text)
