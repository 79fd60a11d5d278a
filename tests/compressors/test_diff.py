"""Diffs: hunks of what people write are untouched, headers come back, the rest is counted."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_wrap import compressors
from headroom_wrap.compressors import diff
from headroom_wrap.types import Ask, Level, Origin

HUNK = "@@ -1,3 +1,3 @@ def f():\n a\n-b\n+c\n d"
PATHS = st.one_of(
    st.sampled_from(
        ["src/a.py", "with space.txt", "a b/c", "=> odd", "é/ü.py", "go.sum", "x 1% same"]
    ),
    st.text("ab/ .>=%1", min_size=1, max_size=10).filter(lambda path: path.strip() == path),
)
INDEX = "index 83db48f..bf1234a 100644"


def changed(path: str, hunk: str = HUNK) -> str:
    return f"diff --git a/{path} b/{path}\n{INDEX}\n--- a/{path}\n+++ b/{path}\n{hunk}"


def added(path: str) -> str:
    return (
        f"diff --git a/{path} b/{path}\nnew file mode 100644\nindex 0000000..83db48f\n"
        f"--- /dev/null\n+++ b/{path}\n@@ -0,0 +1 @@\n+x"
    )


def removed(path: str) -> str:
    return (
        f"diff --git a/{path} b/{path}\ndeleted file mode 100755\nindex 83db48f..0000000\n"
        f"--- a/{path}\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n\\ No newline at end of file"
    )


def renamed(path: str) -> str:
    return (
        f"diff --git a/{path} b/new/{path}\nsimilarity index 100%\n"
        f"rename from {path}\nrename to new/{path}"
    )


def binary(path: str) -> str:
    return f"diff --git a/{path} b/{path}\n{INDEX}\nBinary files a/{path} and b/{path} differ"


def folders(path: str) -> str:
    return (
        f"diff -ru old/{path} new/{path}\n--- old/{path}\t2026-01-01 10:00:00.1 +0000\n"
        f"+++ new/{path}\t2026-01-02 10:00:00.2 +0000\n{HUNK}"
    )


FILES = st.tuples(st.sampled_from([changed, added, removed, renamed, binary, folders]), PATHS)


@given(st.lists(FILES.map(lambda file: file[0](file[1])), min_size=1, max_size=12))
@settings(deadline=None)
def test_headers_come_back(files: list[str]) -> None:
    text = "\n".join(files)
    result = diff.squeeze(text, Origin("Bash", "git diff"), Ask(Level.EXACT))
    if result:
        assert result.exact
        assert diff.expand(result.text) == text


@given(st.lists(FILES.map(lambda file: file[0](file[1])), min_size=1, max_size=12))
@settings(deadline=None)
def test_hunks_are_verbatim_at_every_level(files: list[str]) -> None:
    text = "\n".join(files)
    for level in Level:
        result = diff.squeeze(text, Origin("Bash", "git diff"), Ask(level))
        shown = result.text if result else text
        assert shown.count(HUNK) == text.count(HUNK)


def test_headers_are_said_once() -> None:
    text = "\n".join(changed(f"src/module_{i}.py") for i in range(5))
    result = diff.squeeze(text, Origin("Bash", "git diff"), Ask(Level.EXACT))
    assert result is not None
    assert result.text.split("\n")[1] == "diff src/module_0.py 83db48f..bf1234a 100644"


LONG = "\n".join(["@@ -1,40 +1,40 @@", *(f"-old line {i}\n+new line {i}" for i in range(40))])


@pytest.mark.parametrize(
    "path",
    [
        "package-lock.json",
        "web/yarn.lock",
        "Cargo.lock",
        "go.sum",
        "dist/app.min.js",
        "api/v1/user_pb2.py",
        "api/user.pb.go",
        "vendor/lib/x.go",
        "pip/_vendor/rich/x.py",
        "third_party/zlib/x.c",
        "web/dist/css/app.css",
        "shelf.egg-info/PKG-INFO",
    ],
)
def test_machine_written_files_are_counted(path: str) -> None:
    text = f"{changed('src/a.py')}\n{changed(path, LONG)}\n{changed('src/b.py')}"
    result = diff.squeeze(text, Origin("Bash", "git diff"), Ask(Level.SAFE, "review it"))
    assert result is not None
    assert "[… 81 lines: 40 added, 40 removed]" in result.text
    assert path in result.text
    assert result.text.count(HUNK) == 2


@pytest.mark.parametrize(
    "path", ["src/lock.py", "vendor.py", "docs/generated-by-hand.md", "a.svg", "dist/setup.py"]
)
def test_other_files_are_not(path: str) -> None:
    text = changed(path, LONG)
    result = diff.squeeze(text, Origin("Bash", "git diff"), Ask(Level.SAFE))
    assert LONG in (result.text if result else text)


def test_a_lock_file_that_was_asked_for_is_shown() -> None:
    text = f"{changed('src/a.py')}\n{changed('poetry.lock', LONG)}"
    for command, query in (("git diff -- poetry.lock", ""), ("git diff", "Check poetry.lock")):
        result = diff.squeeze(text, Origin("Bash", command), Ask(Level.SAFE, query))
        assert LONG in (result.text if result else text)


def test_a_folder_that_was_asked_for_is_shown() -> None:
    text = f"{changed('src/a.py')}\n{changed('web/dist/app.js', LONG)}"
    for command, query in (("diff -ru a/dist b/dist", ""), ("git diff", "What is new in dist?")):
        result = diff.squeeze(text, Origin("Bash", command), Ask(Level.SAFE, query))
        assert LONG in (result.text if result else text)


def test_a_minified_line_stays_out_whatever_words_it_holds() -> None:
    hunk = f"@@ -1 +1 @@\n-{'a=shelf,' * 300}\n+{'b=shelf,' * 300}"
    text = f"{changed('src/a.py')}\n{changed('lib/app.min.js', hunk)}"
    result = diff.squeeze(text, Origin("Bash", "git diff"), Ask(Level.SAFE, "Where is shelf?"))
    assert result is not None
    assert "b=shelf" not in result.text


def test_a_file_that_says_it_is_generated_is_counted() -> None:
    hunk = LONG.replace("-old line 0", " // Code generated by protoc-gen-go. DO NOT EDIT.")
    text = f"{changed('src/a.py')}\n{changed('api/types.go', hunk)}"
    result = diff.squeeze(text, Origin("Bash", "git diff"), Ask(Level.SAFE))
    assert result is not None
    assert "new line 30" not in result.text


def test_exact_folds_nothing() -> None:
    text = f"{changed('src/a.py')}\n{changed('yarn.lock', LONG)}"
    result = diff.squeeze(text, Origin("Bash", "git diff"), Ask(Level.EXACT))
    assert LONG in (result.text if result else text)


def test_no_other_compressor_gets_a_diff() -> None:
    log = "\n".join(f"+2024-01-15 10:00:{i % 60:02} INFO worker: took job {i}" for i in range(300))
    text = changed("tests/data/run.log", f"@@ -0,0 +1,300 @@\n{log}")
    result = compressors.squeeze(text, Origin("Bash", "git diff"), Ask(Level.SAFE))
    assert result is None or log in result.text


def test_headers_stay_where_git_s_own_names_of_a_file_are_asked_for() -> None:
    text = "\n".join(map(renamed, ("src/a.py", "src/b.py", "src/c.py", "src/d.py")))
    result = diff.squeeze(text, Origin("Bash", "git diff"), Ask(Level.SAFE, "Where is a/src/b.py?"))
    assert result is not None
    assert renamed("src/b.py") in result.text
    assert renamed("src/c.py") not in result.text
    assert diff.expand(result.text) == text


def test_one_long_line_is_no_reason_to_hide_what_a_person_wrote() -> None:
    body = "".join(f"+  const value{i} = read({i});\n" for i in range(40))
    icon = f'+const ICON = "data:image/png;base64,{"iVBORw0KGgo" * 100}";\n'
    text = changed("web/app.js", f"@@ -0,0 +1,41 @@\n{body}{icon}")
    result = diff.squeeze(text, Origin("Bash", "git diff"), Ask(Level.SAFE, "What changed?"))
    assert body + icon in (result.text if result else text)
