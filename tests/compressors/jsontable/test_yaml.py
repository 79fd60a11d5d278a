"""YAML in plain blocks comes back to the byte as well, or is left alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headroom_wrap.compressors import jsontable
from headroom_wrap.compressors.jsontable import yaml
from headroom_wrap.compressors.jsontable.source import Spelled
from headroom_wrap.types import Ask, Level, Origin

ROW = """- name: node-{0}
  labels:
    zone: eu-{0}
    "spec/x": '{0}'
  since: "2026-01-0{0}T10:00:00Z"
  message: |-
    first {0}: "a\\b"

    last
  ports:
  - 80{0}
  - "90"
  empty: {{}}
"""
ROWS = "".join(ROW.format(n) for n in range(1, 9))


def told(text: str) -> str | None:
    result = jsontable.squeeze(text, Origin(), Ask(Level.EXACT))
    if result is None:
        return None
    assert result.exact
    assert jsontable.expand(result.text) == text
    return result.text


def indented(text: str) -> str:
    return "".join(f"  {line}\n" if line else "\n" for line in text.split("\n")[:-1])


@pytest.mark.parametrize(
    "text",
    [
        ROWS,
        ROWS[:-1],
        f"kind: List\nitems:\n{ROWS}",
        f'kind: List\nitems:\n{ROWS}metadata:\n  resourceVersion: ""\n',
        "items:\n" + indented(ROWS.replace("  - ", "    - ")),
        ROWS.replace('"2026', "2026").replace('Z"', "Z"),
        ROWS.replace("first", "first, ключ  [… 3 rows] ^"),
    ],
    ids=["list", "no line end", "kubectl", "mapping below", "indented", "bare times", "odd words"],
)
def test_lists_become_tables(text: str) -> None:
    assert (told(text) or text).startswith("yaml ")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("since:", "# a comment\n  since:"),
        ("labels:\n    zone", "labels:\n      zone"),
        ("name: node-3", "name:   node-3"),
        ("name: node-3", "name:"),
        ("name: node-3", "name: node-3\n  name: again"),
        ("name: node-3", "name: \x02"),
        ("- name: node-3", "-   name: node-3"),
        ("- name: node-3", "---\n- name: node-3"),
        ("- name: node-3", "\t- name: node-3"),
    ],
)
def test_what_would_not_come_back_is_left_alone(old: str, new: str) -> None:
    assert old in ROWS
    assert told(ROWS.replace(old, new)) is None


@pytest.mark.parametrize(
    "text",
    [
        "Summary: what was done\n\nWe moved the tests.\n- one\n- two\n- three\n",
        "2026-01-01 10:00:00 INFO a: b\n2026-01-01 10:00:01 INFO a: c\n" * 9,
        "a: b\n" * 20,
    ],
    ids=["prose", "log", "no list"],
)
def test_other_texts_are_not_claimed(text: str) -> None:
    assert jsontable.score(text, Origin()) == 0


PIECES = st.sampled_from(
    [
        "- ", "  ", "    ", "name: x", "n: 1", 'n: "1"', "t: 2026-01-01", 't: "2026-01-01"', "k:",
        "k: |", "k: >-", "text", "", "{}", "k: []", "k: {a: b}", "- 5", '- "', "'a: b': c", ":",
        "# no", "---", "k: a\\nb", "k: \\", "k: null", "k: 007", "k: 1e5", "\udc80", "é: ^", "\r",
    ]
)  # fmt: skip
DOCUMENTS = st.lists(st.lists(PIECES, max_size=4).map("".join), max_size=12).map("\n".join)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(DOCUMENTS, max_size=3))
def test_anything_comes_back(documents: list[str]) -> None:
    for body in documents:
        told("\n".join(f"- id: row-{n}\n  text: a b c d e f\n" + body for n in range(9)))
        told(body)


SCALARS = st.one_of(
    st.booleans(),
    st.none(),
    st.sampled_from(["a", "5", "2026-01-01", "a b", "x, y", "^", "true", "|", "it's"]),
    st.integers().map(lambda n: Spelled(str(n))),
)
KEYS = st.sampled_from(["a", "b c", "f:x", "app/name", "z9"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=10,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.dictionaries(KEYS, VALUES, min_size=1), min_size=1, max_size=8), st.data())
def test_what_tools_lay_out_is_read(rows: list[Any], data: st.DataObject) -> None:
    style = data.draw(st.sampled_from(["yaml 0 times", "yaml 2 times"]))
    text = yaml.dump(rows, style)
    found = yaml.load(text)
    assert found is None or yaml.dump(found.value, found.style) == text
    assert found is not None or "|" in text
    told(text)
