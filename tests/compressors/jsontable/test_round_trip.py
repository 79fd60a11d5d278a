"""Whatever JSON a tool prints comes back to the byte, or is left alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headroom_wrap.compressors import jsontable
from headroom_wrap.types import Ask, Level, Origin

KEYS = st.one_of(
    st.sampled_from(["id", "name", "a.b", "", "^", "[0]", "a b", "ключ", "<x>", "---", "- ", "*"]),
    st.text(max_size=4),
)
TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "null", "true", "-1", "1e5", "^", "*", "…", "[… 3 rows]", "[… 2 characters]", ",", '"',
            "a,b", " a", "a ", "\n", "\t", "\r\n", "\\", "\\\\n", "<*>", "<a>", "a|b|…", "a = b",
            "https://x.org/a/b", "2024-01-15T10:00:00Z", "\u2028", "\ud83d", "{}", "[", "\x01\x02",
        ]
    ),
)  # fmt: skip
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(10**18, 10**30),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(KEYS, inner, max_size=5)),
    max_leaves=12,
)


@st.composite
def tables(draw: st.DrawFn) -> Any:
    """Rows that have most keys in common, some left out, some null, some of another kind."""
    keys = draw(st.lists(KEYS, min_size=1, max_size=5, unique=True))
    kinds = {
        key: draw(
            st.sampled_from(
                [TEXTS, SCALARS, VALUES, st.just("same"), st.integers(0, 3), st.just({"x": [1]})]
            )
        )
        for key in keys
    }
    count = draw(st.integers(3, 12))
    rows = []
    for i in range(count):
        row = {key: draw(kind) for key, kind in kinds.items() if draw(st.integers(0, 5))}
        rows.append({**row, "n": i * 3, "url": f"https://x.org/{i}/y", "pad": "p" * 20})
    if draw(st.booleans()):
        return {"items": rows, "next": draw(SCALARS)}
    return {str(i): row for i, row in enumerate(rows)} if draw(st.booleans()) else rows


def spell(value: Any, style: str, ascii_only: bool) -> str:
    if style == "lines":
        rows = value if isinstance(value, list) else [value, value, value]
        return "\n".join(json.dumps(row, ensure_ascii=ascii_only) for row in rows)
    indent: Any = {"tab": "\t", "2": 2, "4": 4}.get(style)
    tight = (",", ":") if style == "compact" else None
    return json.dumps(value, indent=indent, separators=tight, ensure_ascii=ascii_only)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    value=st.one_of(tables(), VALUES),
    style=st.sampled_from(["compact", "spaced", "2", "4", "tab", "lines"]),
    ascii_only=st.booleans(),
    end=st.sampled_from(["", "\n", "\r\n", "\n\n", " "]),
    level=st.sampled_from([Level.EXACT, Level.SAFE, Level.LEAN]),
)
def test_comes_back_to_the_byte(
    value: Any, style: str, ascii_only: bool, end: str, level: Level
) -> None:
    text = spell(value, style, ascii_only) + end
    result = jsontable.squeeze(text, Origin(), Ask(level, "name 3 same"))
    if result is not None and result.exact:
        assert jsontable.expand(result.text) == text
    assert result is None or result.exact or level.folds


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    value=tables(),
    style=st.sampled_from(["compact", "spaced", "2", "tab", "lines"]),
    note=st.sampled_from(["", "…", "\n\n... [120 characters truncated] ...\n\n", "<omitted>", '"']),
    cut=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    level=st.sampled_from(list(Level)),
)
def test_what_was_cut_comes_back_too(
    value: Any, style: str, note: str, cut: tuple[float, float], level: Level
) -> None:
    whole = spell(value, style, ascii_only=False)
    start, end = sorted(int(share * len(whole)) for share in cut)
    text = whole[:start] + note + (whole[end:] if note else "")
    result = jsontable.squeeze(text, Origin(), Ask(level, "name"))
    if result is not None and result.exact:
        assert jsontable.expand(result.text) == text


def test_the_sound_beginning_of_a_cut_document_is_a_table() -> None:
    whole = json.dumps({"total": 60, "items": json.loads(f"[{ROWS}]") * 2})
    text = f"{whole[:2_000]}… [900 characters truncated] …{whole[-60:]}"
    result = jsontable.squeeze(text, Origin(), Ask(Level.EXACT, ""))
    assert result is not None
    assert jsontable.expand(result.text) == text
    assert "items[35]:" in result.text
    assert result.text.endswith(f"… [900 characters truncated] …{whole[-60:]}")


ROWS = ",".join(f'{{"id":{i},"name":"n{i}","kind":"same as all others"}}' for i in range(30))


@pytest.mark.parametrize(
    "text",
    [
        f"[{ROWS}]".replace('"n3"', r'"\ud83d"'),
        f"[{ROWS}]".replace('"name":"n3"', '"name":"n3","name":"n4"'),
        f"\ufeff[{ROWS}]",
        f"[{ROWS}] trailing",
        f"[{ROWS}]".replace('"n3"', "'n3'"),
        f"[{ROWS}]".replace('"n3"', '"n\x003"'),
        f"[{ROWS}]".replace('"n3"', "NaN"),
        f"[{ROWS}]".replace('"n3"', "Infinity"),
        f"[{ROWS}]".replace('"n3"', "01"),
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 5_000 + "1" + "}" * 5_000,
        "{}",
        "[]",
        "[1]",
        "",
    ],
)
@pytest.mark.parametrize("level", list(Level))
def test_what_is_no_json_is_left_alone(text: str, level: Level) -> None:
    assert jsontable.squeeze(text, Origin(), Ask(level, "")) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"n3"', "12345678901234567890123"),
        ('"n3"', "1.50"),
        ('"n3"', "-0"),
        ('"n3"', "1E+5"),
        ('"n3"', "null"),
        (',"name":"n3"', ""),
        ('"n3"', r'"\u00e9\/\ud83d\ude00"'),
        ('"n3"', '""'),
        ('"n3"', '"3"'),
        ('"n3"', '{"deep":[{"a":1},{"a":2}]}'),
        ('"n3"', "[]"),
        ('"n3"', "{}"),
    ],
)
def test_values_are_as_they_were_spelled(old: str, new: str) -> None:
    text = f"[{ROWS}]".replace(old, new)
    result = jsontable.squeeze(text, Origin(), Ask(Level.EXACT, ""))
    assert result is not None
    assert result.exact
    assert jsontable.expand(result.text) == text
    assert len(result.text) < len(text) / 3
