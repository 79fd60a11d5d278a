"""What counts as the text of a file, by tool, command and path."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_wrap.detect.reads import is_file_text
from headroom_wrap.types import Origin

CODE = "def a():\n    return 1\n" * 40
LOG = "".join(f"2026-11-02 10:00:{i:02d},120 INFO worker: done {i}\n" for i in range(60))
ROWS = json.dumps(
    [{"id": i, "name": "n" * 30, "size": i * 7, "path": f"a/{i}"} for i in range(400)]
)
CONTEXT = "".join(f"a.py-{i}-    x = {i}\na.py:{i + 1}:    y = 1\n--\n" for i in range(20))

FILE_TEXT = [
    "cat src/a.py",
    "cd /repo && cat src/a.py | head -50",
    "head -n 40 a.go; tail -5 b.go",
    "sed -n '10,80p' lib/x.rb",
    "nl -ba a.ts | sed -n 1,20p",
    "awk 'NR>=10 && NR<=30' a.c",
    "git show HEAD~2:src/a.py",
    "git -c color.ui=never show v1:pkg/a.go | sed -n 1,9p",
    "git cat-file -p HEAD:README.md",
    "grep -n -A3 'def a' a.py",
    "grep -rn --context=2 foo src/",
    "rg -C2 foo",
    "cat a.py | grep -B4 foo",
    "git grep -n -A 2 foo",
    "bash -lc 'sed -n 1,200p a.py'",
    '/bin/zsh -lc "cat package.json"',
    'for f in src/*.py; do cat "$f"; done',
    "find . -name '*.py' -exec cat {} +",
    "find . -name '*.py' | xargs cat",
    "cat < a.py",
    "cat Makefile Dockerfile",
    "cat .env tsconfig.json",
    "cat <<'EOF'\nhello\nEOF",
    "cat > a.py <<'EOF'\nx = 1\nEOF\ncat a.py",
    "Get-Content -Path src\\a.ps1 -TotalCount 40",
    "python -c \"print(open('a.py').read())\"",
    "pytest -q; sed -n 1,40p tests/test_a.py",
    "const r = await tools.exec_command({cmd: \"sed -n '1,200p' src/a.py\"}); text(r.output)",
    "for (const f of ['a.py']) { await tools.exec_command({cmd: `cat ${f}`}) }",
    "open src/a.py 120",
    "edit 1:1\nimport x\nend_of_edit",
    "xxd a.bin | head",
    "bat -p a.rs",
    "cat notes",
]
MACHINE = [
    "cat app.log",
    "tail -n 500 /var/log/syslog",
    "tail -200 server.log.1 | cut -c1-200",
    "cat x.log | grep ERROR",
    "grep -A5 ERROR app.log",
    "cat events.jsonl | head -20",
    "head -100 data.csv",
    "cat /proc/meminfo",
    "journalctl -u nginx | tail -100",
    "grep -rn foo src/",
    "rg -n 'foo|bar' src | head -50",
    "cat src/a.py | grep foo",
    "cat src/a.py | wc -l",
    "pytest -q 2>&1 | tail -30",
    "make 2>&1 | tee build.log | tail -40",
    "git log --stat | head -80",
    "git diff HEAD~1",
    "git show HEAD",
    "git blame a.py",
    "cat a.py > /tmp/b.py",
    "cat > a.py <<'EOF'\nx = 1\nEOF\npython a.py",
    "ls -la | head",
    "kubectl logs pod/x --tail=100",
    "cat build/out.stderr",
    "await tools.exec_command({cmd: 'pytest -q'})",
    "find . -name '*.py' | head",
    "cat /home/u/.claude/projects/p/tool-results/b1.txt",
    "",
]


@pytest.mark.parametrize("command", FILE_TEXT)
def test_commands_that_show_files(command: str) -> None:
    assert is_file_text(CODE, Origin("Bash", command))


@pytest.mark.parametrize("command", MACHINE)
def test_commands_that_show_machine_output(command: str) -> None:
    assert not is_file_text(CODE, Origin("Bash", command))


@pytest.mark.parametrize(
    ("origin", "text", "expected"),
    [
        (Origin("Read", path="/r/a.py"), CODE, True),
        (Origin("Read", path="/r/server.log"), LOG, False),
        (Origin("view", path="/r/a.toml"), CODE, True),
        (Origin("mcp__filesystem__read_text_file", path="/r/a.md"), CODE, True),
        (Origin("functions.read_file", path="a"), CODE, True),
        (Origin("read_file", path="out.txt"), LOG, False),
        (Origin("read_file", path="notes.txt"), CODE, True),
        (Origin("Edit", path="/r/a.py"), CODE, True),
        (Origin("Grep", path="/r"), CONTEXT, True),
        (Origin("Grep", path="/r"), "a.py:1:x\nb.py:7:y\n" * 20, False),
        (Origin("Glob", path="/r"), "a.py\nb.py\n" * 20, False),
        (Origin("Bash", "cat rows.json"), ROWS, False),
        (Origin("Bash", "cat package.json"), ROWS, True),
        (Origin("Bash", "cat small.json"), ROWS[:900], True),
        (Origin("Read", path="rows.json"), ROWS, False),
        (Origin("Bash", "cat /tmp/out.txt"), LOG, False),
        (Origin(), "".join(f"{i:6d}\tx = {i}\n" for i in range(1, 90)), True),
        (Origin(), LOG, False),
        (Origin("web_fetch"), CODE, False),
    ],
)
def test_tools_and_content(origin: Origin, text: str, expected: bool) -> None:
    assert is_file_text(text, origin) is expected


@given(st.text(), st.text(), st.text(), st.text())
def test_never_raises(text: str, tool: str, command: str, path: str) -> None:
    assert is_file_text(text, Origin(tool, command, path)) in (True, False)
