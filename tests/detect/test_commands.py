"""Shell texts taken apart: the programs, their arguments, and whether one sees their output."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_wrap.detect.commands import Program, pipelines, printing, programs


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("ls -la", ["ls -la"]),
        ("cd /x && FOO=1 sudo -E pytest -q 2>&1 | tail -30", ["cd /x", "pytest -q |", "tail -30"]),
        ("grep -rn 'a|b;c' src 2>/dev/null", ["grep -rn a|b;c src"]),
        ("cat <<'E' > a.py\nprint('x | y')\nE\npython a.py", ["cat >", "python a.py"]),
        ("cat <<A <<-B\none\nA\ntwo\n\tB\nls", ["cat", "ls"]),
        ("bash -lc 'make | tail -3; ls' | wc -l", ["make |", "tail -3", "ls |", "wc -l"]),
        ('echo $(cat a | b) `x|y` "$(a "b")"', ['echo $(cat a | b) `x|y` $(a "b")']),
        ("diff <(sort a) <(sort b)", ["diff <(sort a) <(sort b)"]),
        ('for f in *.py; do cat "$f"; done', ["cat $f"]),
        ("if [ -f x ]; then cat x; fi", ["[ -f x ]", "cat x"]),
        ("(cd a; ls) || { b; }", ["cd a", "ls", "b"]),
        ("python3.12 -m pytest -x", ["pytest -x"]),
        ("uv run --with x pytest -q", ["pytest -q"]),
        ("npx -y tsc --noEmit", ["tsc --noEmit"]),
        ("timeout 30s ./run # not | this", ["run"]),
        ('cmd <<< "a | b" &>/dev/null', ["cmd >"]),
        ("a \\\n  -b", ["a -b"]),
        ("'unclosed | x", ["unclosed | x"]),
        ("C:\\\\bin\\\\rg.exe -n x", ["rg -n x"]),
        ("", []),
    ],
)
def test_programs(command: str, expected: list[str]) -> None:
    assert [_shown(p) for p in programs(command)] == expected


def _shown(program: Program) -> str:
    tail = " |" * program.piped + " >" * program.sunk
    return " ".join((program.name, *program.args)) + tail


def test_what_is_seen() -> None:
    assert [p.name for p in printing("a | b; c > f; d 2> f; e >&2")] == ["b", "d", "e"]
    assert [[p.name for p in group] for group in pipelines("a | b; c")] == [["a", "b"], ["c"]]


@pytest.mark.parametrize(
    ("command", "seen"),
    [
        ("make 2>&1 | tail -40", "make"),
        ("make | tee out.log | head -c 2k", "make"),
        ("make | tail -40 > f; ls | cat -", "ls"),
        ("make | tail a.py", "tail"),
        ("make | grep -v x | head", "grep"),
        ("tail -40", "tail"),
        ("make | cat < a.py", "cat"),
    ],
)
def test_what_only_passes_lines_on_is_not_what_prints_them(command: str, seen: str) -> None:
    assert [p.name for p in printing(command)] == [seen]


@pytest.mark.parametrize(
    ("flag", "expected"), [("-n", True), ("-r", True), ("-x", False), ("--include", True)]
)
def test_flags(flag: str, expected: bool) -> None:
    assert programs("grep -rn --include=*.py foo")[0].has(flag) is expected


@given(st.text(alphabet="ab \n\t'\"`$(){}<>|&;\\#=-12") | st.text())
def test_never_raises(command: str) -> None:
    assert all(program.name for program in programs(command))


@pytest.mark.parametrize("part", ["$(", "`", "'\"", "<<A\n", "((", "${", "\\", "a|"])
def test_long_hostile_texts_end(part: str) -> None:
    programs(part * 50_000)
