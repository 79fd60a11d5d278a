"""Outlines stand on their own: by name or language, of whole and of damaged files."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headroom_wrap.compressors import code
from headroom_wrap.compressors.code import languages
from headroom_wrap.compressors.verify import verify
from headroom_wrap.types import Ask, Level, Origin
from tests.compressors.cases import Case, cases

CASES = [pytest.param(case, id=case.path.stem) for case in cases("code")]
FOLDED = [param for param in CASES if param.id != "minified"]
PYTHON = next(case for case in cases("code") if case.path.stem == "python")


@pytest.mark.parametrize("case", FOLDED)
def test_every_language_has_outlines(case: Case) -> None:
    shown = code.outline(case.text, case.origin.path)
    assert len(shown) < 0.75 * len(case.text)
    assert shown.split("\n")[0] == case.text.split("\n")[0]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("level", [Level.EXACT, Level.SAFE])
def test_code_is_untouched_below_lean(case: Case, level: Level) -> None:
    assert code.squeeze(case.text, case.origin, case.ask(level)) is None


@pytest.mark.parametrize("language", languages.LANGUAGES, ids=lambda language: language.name)
def test_every_grammar_is_there(language: languages.Language) -> None:
    assert language.parse("\n") is not None


@pytest.mark.parametrize("name", ["notes.txt", "Makefile", "", "x.unknown", "no.such/"])
def test_other_texts_stay(name: str) -> None:
    text = "def f():\n    a\n    b\n    c\n    d\n"
    assert code.outline(text, name) == text


def test_a_language_has_a_name_and_a_script_its_first_line() -> None:
    text = "#!/usr/bin/env python3\ndef f():\n    a()\n    b()\n    c()\n    return 12345\n"
    folded = "#!/usr/bin/env python3\ndef f():\n    [… 4 lines: 3-6]\n"
    assert code.outline(text, "python") == folded
    assert code.outline(text, "bin/tool") == folded


@pytest.mark.parametrize(
    "origin",
    [
        Origin("Grep", "", "shop/stock.py"),
        Origin("Bash", "python shop/stock.py"),
        Origin("Bash", "ls -l shop/stock.py"),
        Origin("Bash", "git log shop/stock.py"),
        Origin("Bash", "rg def shop/stock.py"),
    ],
)
def test_what_is_about_a_file_is_no_file(origin: Origin) -> None:
    text = "\n".join(f"shop/stock.py:{i}:    def f{i}(self):" for i in range(40))
    assert code.score(text, origin) == 0
    assert code.squeeze(text, origin, Ask(Level.LEAN, "")) is None


@pytest.mark.parametrize(
    "origin",
    [
        Origin("Read", "", "shop/stock.py"),
        Origin("Bash", "cat shop/stock.py"),
        Origin("Bash", "cd shop && sed -n 1,200p stock.py"),
        Origin("Bash", "git show HEAD:shop/stock.py"),
    ],
)
def test_files_are_ours_however_they_are_read(origin: Origin) -> None:
    assert code.score(PYTHON.text, origin) > 0
    assert code.squeeze(PYTHON.text, origin, Ask(Level.LEAN, "")) is not None


def test_without_its_grammar_a_file_stays() -> None:
    missing = replace(languages.LANGUAGES[0], module="tree_sitter_of_nobody")
    assert missing.parse("def f(): ...\n") is None


def test_line_ends_and_blanks_stay() -> None:
    lines = ["class A {", "  int f() {", *["    a(12345678);"] * 5, "  }\t", "}", ""]
    shown = code.outline("\r\n".join(lines), "A.java")
    assert shown == "class A {\r\n  int f() {\r\n    [… 5 lines: 3-7]\n  }\t\r\n}\r\n"


@pytest.mark.parametrize(
    ("question", "shown", "hidden"),
    [
        ("What does reserve() do?", "_notify(name, left)", "json.load"),
        ("`Stock.load` fails", "json.load", "_notify(name, left)"),
        ("where are things notified", "[… 7 lines", "json.load"),
        ("explain the retry decorator", "except OSError", "json.load"),
    ],
)
def test_what_the_question_names_is_in_full(question: str, shown: str, hidden: str) -> None:
    result = code.squeeze(PYTHON.text, PYTHON.origin, Ask(Level.LEAN, question))
    assert result is not None
    assert shown in result.text
    assert hidden not in result.text


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), case=st.sampled_from(cases("code")), query=st.text(max_size=20))
def test_damaged_files_are_told_truly(data: st.DataObject, case: Case, query: str) -> None:
    lines = case.text.split("\n")
    start = data.draw(st.integers(0, len(lines)))
    stop = data.draw(st.integers(start, len(lines)))
    junk = data.draw(
        st.sampled_from(["", "}", "{{{", '"""', "\x00", "\udc80", "[… 3 lines]", "\r"])
    )
    text = "\n".join([*lines[:start], junk, *lines[stop:]])
    result = code.squeeze(text, Origin("Read", "", case.origin.path), Ask(Level.LEAN, query))
    if result is not None:
        assert verify(text, result)
        assert len(result.text) < len(text)
