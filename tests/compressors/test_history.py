"""`git log` and `git blame`: every form comes back, no commit is lost to another compressor."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_wrap import compressors
from headroom_wrap.compressors import blame, gitlog
from headroom_wrap.types import Ask, Level, Origin

HASHES = st.integers(1, 6).map(lambda i: f"{i * 7919:040x}")
AUTHORS = st.sampled_from(
    ["Ann Lee <ann@x.org>", "Ann Lee <lee@y.org>", "Bo <b@x>", "名 <n@x>", ""]
)
DATES = st.sampled_from(
    [
        "Mon Jan 5 09:00:00 2026 +0100",
        "Tue Feb 17 23:59:59 2026 -0330",
        "2026-01-05 09:00:00 +0100",
        "2026-01-05T09:00:00+01:00",
        "3 days ago",
        "Mon, 5 Jan 2026 09:00:00 +0100",
    ]
)
MESSAGES = st.lists(
    st.sampled_from(
        [
            "Fix it",
            "",
            "commit 1234567 was wrong",
            "  * indented",
            "Reviewed-by: Bo <b@x>",
            " a | 3 +",
        ]
    ),
    min_size=1,
    max_size=5,
).map(lambda lines: "\n".join(f"    {line}".rstrip() for line in lines))
TAILS = st.sampled_from(
    [
        "",
        "\n\n a.py | 3 ++-\n 1 file changed, 2 insertions(+), 1 deletion(-)",
        "\n\n a.py    | 120 +++++++++++\n logo.png | Bin 0 -> 600 bytes\n b.py | 0\n"
        " 3 files changed, 120 insertions(+)",
        "\n\nM\tsrc/a.py\nA\tsrc/b.py",
        "\n\n 2 files changed, 7 deletions(-)",
        "\n\n12\t0\tsrc/a.py",
    ]
)
COMMITS = st.builds(
    "commit {0}{5}\n{6}Author: {1}\nDate:   {2}\n\n{3}{4}".format,
    HASHES,
    AUTHORS,
    DATES,
    MESSAGES,
    TAILS,
    st.sampled_from(["", " (HEAD -> main, tag: v1)"]),
    st.sampled_from(["", "Merge: 1234567 89abcde\n"]),
)


@given(st.lists(COMMITS, min_size=1, max_size=8), st.sampled_from(["", "\n"]), st.booleans())
@settings(max_examples=200, deadline=None)
def test_any_log_comes_back(commits: list[str], end: str, graph: bool) -> None:
    text = "\n\n".join(commits)
    if graph:
        text = "\n".join(
            ("* " if line.startswith("commit ") else "| ") + line for line in text.split("\n")
        )
    result = gitlog.squeeze(text + end, Origin("Bash", "git log"), Ask(Level.EXACT))
    if result:
        assert result.exact
        assert gitlog.expand(result.text) == text + end


@pytest.mark.parametrize(
    "command",
    ["git log --graph", "git log --format=%ad", "git -C repo log --pretty=custom", "git reflog"],
)
def test_no_commit_is_lost_to_another_compressor(command: str) -> None:
    lines = [f"* 2026-01-{i % 28 + 1:02} 10:00:00 Ann Lee: Fix part {i}" for i in range(120)]
    text = "\n".join(lines)
    result = compressors.squeeze(text, Origin("Bash", command), Ask(Level.SAFE))
    assert result is None or result.exact


def test_long_lists_of_commits_keep_tags_and_what_was_asked_for() -> None:
    lines = [f"{i * 7919:07x} Change part {i}" for i in range(300)]
    lines[180] = f"{180 * 7919:07x} (tag: v2.0) Release"
    lines[220] = f"{220 * 7919:07x} Fix the interval parser"
    ask = Ask(Level.SAFE, "Which commit fixed the interval parser?")
    result = gitlog.squeeze("\n".join(lines), Origin("Bash", "git log --oneline"), ask)
    assert result is not None
    assert lines[180] in result.text
    assert lines[220] in result.text
    assert lines[-1] in result.text
    assert " commits]" in result.text


BLAMED = st.tuples(
    st.integers(1, 5).map(lambda i: f"{i * 7919:08x}"),
    st.sampled_from(["Ann Lee", "Bo", "名", "A (b) 12:3"]),
    st.sampled_from(["2026-01-05 09:00:00 +0100", "2026-01-05", "3 days ago"]),
    st.one_of(
        st.sampled_from(["x = 1", "", "12) y", "abcdef01 7) z"]), st.text("ab1() \té", max_size=9)
    ),
)


@given(
    st.lists(BLAMED, min_size=1, max_size=60),
    st.sampled_from(
        [
            "{0} ({1:10} {2} {3:4}) {4}",
            "^{0} src/a.py ({1} {2} {3}) {4}",
            "{0}\t({1}\t{2}\t{3}){4}",
            "{0} {3}) {4}",
        ]
    ),
)
@settings(max_examples=200, deadline=None)
def test_any_blame_comes_back(rows: list[tuple[str, str, str, str]], form: str) -> None:
    text = "\n".join(
        form.format(commit, who, when, number, line)
        for number, (commit, who, when, line) in enumerate(rows, 1)
    )
    result = blame.squeeze(text, Origin("Bash", "git blame src/a.py"), Ask(Level.EXACT))
    if result:
        assert result.exact
        assert blame.expand(result.text) == text


def test_the_line_that_was_asked_for_is_told_in_full() -> None:
    text = "\n".join(
        f"0000beef (Ann Lee 2026-01-05 09:00:00 +0100 {i:3}) line {i}" for i in range(1, 80)
    )
    ask = Ask(Level.SAFE, "Who wrote line 42?")
    result = blame.squeeze(text, Origin("Bash", "git blame a.py"), ask)
    assert result is not None
    assert "0000beef (Ann Lee 2026-01-05 09:00:00 +0100  42) line 42" in result.text
    assert result.text.count("Ann Lee") == 2


def log_of(count: int) -> str:
    """A log of commits about one shelf each."""
    records = (
        f"commit {i:02}{'0123456789abcdef' * 2}{i:06}\nAuthor: Ann Lee <ann@x.org>\n"
        f"Date:   Mon Jan 5 09:00:{i:02} 2026 +0100\n\n    Mend shelf-{i}\n"
        for i in range(count)
    )
    return "\n".join(records)


def test_a_hash_that_nobody_asked_for_is_told_by_its_beginning() -> None:
    text = log_of(8)
    ask = Ask(Level.SAFE, "Which commit mended shelf-5?")
    result = compressors.squeeze(text, Origin("Bash", "git log"), ask)
    assert result is not None
    lines = result.text.split("\n")
    assert "first 10 digits of hashes" in lines[0]
    assert "0201234567…" in lines
    assert f"commit 05{'0123456789abcdef' * 2}000005" in lines
    assert sum(end - start for start, end in result.gaps) == 7


@pytest.mark.parametrize(
    ("text", "ask"),
    [
        (log_of(3), Ask()),
        (log_of(8).replace("commit 06", "commit 05"), Ask()),
        (log_of(8), Ask(Level.EXACT)),
        (log_of(8), Ask(query="What is the SHA of the latest one?")),
    ],
    ids=["few", "ambiguous", "exact", "named"],
)
def test_hashes_stay_whole(text: str, ask: Ask) -> None:
    result = compressors.squeeze(text, Origin("Bash", "git log"), ask)
    shown = result.text if result else text
    assert all(line.split(" ")[-1] in shown for line in text.split("\n") if "commit" in line)
