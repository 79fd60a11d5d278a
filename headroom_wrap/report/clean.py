"""Text of strangers on a terminal: nothing in it may move the cursor, ring or change colours."""

from __future__ import annotations

_PICTURES = {code: 0x2400 + code for code in range(32) if code not in (9, 10)}
_OTHERS = dict.fromkeys([*range(0x7F, 0xA0), *range(0xD800, 0xE000)], 0xFFFD)
# Marks that reorder or hide what stands around them.
_DIRECTIONS = dict.fromkeys(
    [0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF], 0xFFFD
)
_VISIBLE = {**_PICTURES, **_OTHERS, **_DIRECTIONS}
_TAB = "    "


def line(text: str) -> str:
    """The text as one line of visible characters."""
    return text.translate({**_VISIBLE, 9: " ", 10: "⏎"})


def lines(text: str) -> list[str]:
    """The lines of a text, visible characters only; a CR before the line's end is not shown."""
    found = text.split("\n")
    if found and not found[-1]:
        found.pop()
    return [each.removesuffix("\r").replace("\t", _TAB).translate(_VISIBLE) for each in found]
