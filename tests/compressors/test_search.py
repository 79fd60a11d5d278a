"""Searches: every match keeps its file, number and text; long ones are counted by file."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_wrap import compressors
from headroom_wrap.compressors import search
from headroom_wrap.detect.reads import is_file_text
from headroom_wrap.types import Ask, Level, Origin
from tests.compressors import cases

PATHS = st.one_of(
    st.sampled_from(
        ["src/a.py", "a b/c d.txt", "C:\\proj\\a.cs", "./x", "é/ü.md", "a:b/c.py", "Makefile"]
    ),
    st.text("ab1:/\\ .-…[", min_size=1, max_size=10),
)
TEXTS = st.one_of(
    st.sampled_from(
        ["def f(x):", "    return 1", "", "12:30: late", "a\tb", "\\x", "[… 3 matches]"]
    ),
    st.text("ab1: \\\t[…]é\r", max_size=12),
)
MATCHES = st.lists(st.tuples(PATHS, st.integers(0, 9999), TEXTS), min_size=1, max_size=60)
FORMS = st.sampled_from(
    ["{0}:{1}:{2}", "{0}:{2}", "{1}:{2}", "{0}-{1}-{2}", "{0}:{1}:7:{2}", "{0}:{1}", "{0}"]
)


@given(MATCHES, st.lists(FORMS, min_size=1, max_size=3), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=200, deadline=None)
def test_any_search_comes_back(
    matches: list[tuple[str, int, str]], forms: list[str], end: str
) -> None:
    text = end.join(forms[i % len(forms)].format(*match) for i, match in enumerate(matches))
    result = search.squeeze(text, Origin("Bash", "rg x"), Ask(Level.EXACT))
    if result:
        assert result.exact
        assert search.expand(result.text) == text


USES = "\n".join(
    f"src/module_{i // 40}.py:{i % 40 + 1}:    total_{i} = self.count({i})" for i in range(400)
)


def test_a_path_is_said_once() -> None:
    result = search.squeeze(USES, Origin("Bash", "rg -n count"), Ask(Level.EXACT))
    assert result is not None
    assert result.text.startswith("src/module_0.py:\n1:    total_0 = self.count(0)\n2:    total_1")
    assert result.text.count("module_3") == 1


def test_long_searches_are_counted_and_what_was_asked_for_stays() -> None:
    ask = Ask(Level.SAFE, "Where is total_217 set?")
    result = search.squeeze(USES, Origin("Bash", "rg -n count"), ask)
    assert result is not None
    assert "18:    total_217 = self.count(217)" in result.text
    assert len(re.findall(r"^src/module_\d+\.py:$", result.text, re.MULTILINE)) == 10
    shown = len(re.findall(r"^\d+:", result.text, re.MULTILINE))
    hidden = sum(map(int, re.findall(r"\[… (\d+) match", result.text)))
    assert shown + hidden == 400


def test_the_names_of_what_a_request_speaks_of_are_shown() -> None:
    names = [f"tests/test_shelf.py:{i}:def test_part{i}_of_it():" for i in range(400)]
    names[200] = "tests/test_shelf.py:200:def test_lending_date():"
    names[300] = "tests/test_shelf.py:300:def test_count_pages():"
    text = "\n".join(names)
    ask = Ask(Level.SAFE, "Which tests are about dates, and which about counting?")
    result = search.squeeze(text, Origin("Bash", "grep -rn 'def test' tests"), ask)
    assert result is not None
    assert "test_lending_date" in result.text
    assert "test_count_pages" in result.text
    assert len(result.text) < 0.2 * len(text)


@pytest.mark.parametrize(
    "command",
    ["rg -n -C2 raise src", "grep -rn -A3 raise src", "git grep -n -B1 raise", "rg -5 raise"],
)
def test_lines_around_matches_are_the_text_of_files(command: str) -> None:
    text = "\n".join(f"src/a.py-{i}-    x = {i}" for i in range(80))
    assert is_file_text(text, Origin("Bash", command))


@pytest.mark.parametrize(
    "line",
    [
        "{0},srv/app.py,2026-01-01T10:{0:02}:00,ok",
        "10.0.0.{0} - - [01/Jan/2026:10:{0:02}:00 +0000] GET /a/b.html",
        "9f3a1c2b (Ann Lee 2026-01-01 10:{0:02}:00 +0100 {0}) x = 1",
        "{0} | /srv/app.py | 2026-01-01 10:{0:02}:00",
    ],
)
def test_times_are_not_taken_for_line_numbers(line: str) -> None:
    text = "\n".join(line.format(i) for i in range(10, 50))
    assert search.score(text, Origin("Bash", "")) == 0.0


def test_counts_stand_under_their_folder() -> None:
    text = "\n".join(f"src/parser/grammar_{i}.rs:{i + 3}" for i in range(40))
    result = compressors.squeeze(text, Origin("Bash", "rg -c fn src"), Ask(Level.EXACT))
    assert result is not None
    assert "grammar_7.rs:10" in result.text
    assert result.text.count("src/parser") == 1


def test_asked_for_statistics_of_a_search_stay_as_they_are() -> None:
    text = cases.read(cases.GOLDEN / "search/json.in")
    asked = Ask(Level.SAFE, "Which file took 19799 nanos?")
    result = search.squeeze(text, Origin("Bash", "rg --json -m2 Blueprint flask"), asked)
    assert result is not None
    assert '{"secs":0,"nanos":19799,"human":"0.000020s"}' in result.text
