"""JSON and YAML as a table that a person would write, and back; rows chosen above `exact`."""

from __future__ import annotations

import re
from dataclasses import replace

from headroom_wrap.compressors._gain import gained
from headroom_wrap.compressors.jsontable import clipped, source, yaml
from headroom_wrap.compressors.jsontable.fold import fold
from headroom_wrap.compressors.jsontable.read import Reader
from headroom_wrap.compressors.jsontable.relevant import plain_columns
from headroom_wrap.compressors.jsontable.source import spell
from headroom_wrap.compressors.jsontable.spans import spans
from headroom_wrap.compressors.jsontable.write import Layout, write
from headroom_wrap.types import Ask, Level, Origin, Squeezed

NAME = "jsontable"

# A log may begin with a time in brackets.
_START = re.compile(
    r'\s*(?:\{\s*(?:"|\})|\[\s*(?:[\[{"\]]|-?\d[\d.eE+-]*\s*[,\]\n]|true|false|null))'
)
_RECORD = re.compile(r"[^\n]*[}\]]\s*\n\s*[{\[]")
_CUT = re.compile(r'\s*(?:\{\s*"|\[\s*[{\[])')
_AS_YAML = 0.55
_NOTATION = (
    (re.compile(r"^\.?\S.* = (?![\[{\"]).*<\*>", re.MULTILINE), "<*> = the cell"),
    (re.compile(r"^\.?\S.* = (?![\[{\"]).*<[^*\d]", re.MULTILINE), "<a> = the row's a"),
    (re.compile(r"^\.?\S.* = (?![\[{\"]).*<\S+\.\.\S", re.MULTILINE), "<1..9> counts up"),
    (re.compile(r"(?:^ *|,)\^(?:,|$)", re.MULTILINE), "^ as above"),
    (re.compile(r"^\*", re.MULTILINE), "* row in full"),
)


def score(text: str, origin: Origin) -> float:
    """Ours is what begins and ends like JSON; others may know the records of JSON Lines."""
    end = text.rstrip()[-1:] if len(text) < 1_000 else text[-200:].rstrip()[-1:]
    if not _START.match(text):
        return _AS_YAML if yaml.looks(text) else 0.0
    if end not in ("}", "]"):
        return 0.55 if _CUT.match(text) else 0.0
    return 0.9 if _RECORD.match(text[:10_000]) else 1.0


def squeeze(text: str, origin: Origin, ask: Ask) -> Squeezed | None:
    """The document as members and tables; above `exact`, without what nobody asked for."""
    if not _START.match(text):
        whole, ask = yaml.load(text), replace(ask, level=Level.EXACT)
        clip = None
    else:
        whole = source.load(text, any_style=ask.level.folds)
        sound = whole is None and not source.has_stand_ins(text)
        clip = clipped.find(text) if sound else None
    found = source.load(clip.document, any_style=ask.level.folds) if clip else whole
    if found is None:
        return None
    try:
        folded = fold(found.value, ask, origin.command)
        layout = Layout(plain_columns(ask.query), folded.full, folded.notes)
        lines = write(folded.value, layout)
        exact = found.style != source.FREE and not folded.changed
        if not exact and spell(Reader(list(lines)).document()) != spell(folded.value):
            return None
    except (RecursionError, ValueError):
        return None
    told = source.unshield("\n".join([_head(found.style, folded.reordered, lines), *lines]))
    if told.endswith("\n"):
        return None
    told += f"\n{clip.mark}\n{clip.rest}" if clip else found.end
    if len(told) >= len(text):
        return None
    gaps = () if exact else tuple(spans(found.value, folded.value, found.style))
    return gained(text, Squeezed(told, NAME, exact, gaps))


def _head(style: str, reordered: bool, lines: list[str]) -> str:
    """The style, and the notation as far as it is used."""
    body = "\n".join(lines)
    used = [told for sign, told in _NOTATION if sign.search(body)]
    told = [*(["keys in one order"] if reordered else []), *used]
    kind = style if style.startswith(yaml.NAME) else f"json {style}"
    return kind + (f" ({', '.join(told)})" if told else "")


def expand(text: str) -> str:
    """The JSON text that `squeeze` told; ValueError when the text is none of ours."""
    text, clip = clipped.split(text)
    end = "\n" if text.endswith("\n") and not clip else ""
    head, *lines = source.shield(text.removesuffix("\n")).split("\n")
    style = head.removeprefix("json ").partition(" (")[0]
    layout = yaml if style.startswith(yaml.NAME) else source
    try:
        document = layout.dump(Reader(lines).document(), style)
    except (LookupError, RecursionError) as problem:
        raise ValueError("columns are named that are not there, or name each other") from problem
    return clipped.reopen(document, style, clip) if clip else document + end
