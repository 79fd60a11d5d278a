"""Listings: every form is undone by the decoder, folds are told, odd names are safe."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_wrap import compressors
from headroom_wrap.compressors import listing
from headroom_wrap.compressors.verify import verify
from headroom_wrap.types import Ask, Level, Origin

NAMES = st.one_of(
    st.sampled_from(["a.py", "b c.txt", "src", "12 monkeys.mp4", "é.md", "x,y", ".git", "\\odd"]),
    st.text("ab1 .:/\\[]…\té", min_size=1, max_size=8),
)
PATHS = st.lists(st.lists(NAMES, min_size=1, max_size=4).map("/".join), min_size=5, max_size=60)
LEADS = st.sampled_from(
    [
        "",
        "./",
        "/usr/share/",
        "\tmodified:   ",
        " M ",
        "?? ",
        "A\t",
        "    12 ",
        "4.0K\t",
        "-rw-r--r-- 1 root root   12 Jan  1 00:00 ",
        "drwxr-xr-x 2 root root 4096 Jan  1  2024 ",
        "-rw-r--r-- me/us      7 2024-01-01 10:00 ",
        "     5418  2026-11-25 03:26   ",
        "100644 blob 7aa0d92a250347603bb10e5590cc2344fc33cfe8\t",
    ]
)
BRANCHES = st.sampled_from(
    ["├── ", "└── ", "│   ├── ", "│\u00a0\u00a0 └── ", "    └── ", "├─┬ ", "|-- ", ""]
)


def exact(text: str) -> str:
    result = listing.squeeze(text, Origin("Bash", "ls"), Ask(Level.EXACT))
    if result is None:
        return text
    assert result.exact
    assert result.gaps == ()
    assert listing.expand(result.text) == text
    return result.text


@given(PATHS, st.lists(LEADS, min_size=1, max_size=3), st.sampled_from(["", "\n", "\r\n"]))
@settings(max_examples=150, deadline=None)
def test_any_list_of_paths_comes_back(paths: list[str], leads: list[str], end: str) -> None:
    exact("\n".join(leads[i % len(leads)] + path for i, path in enumerate(paths)) + end)


@given(PATHS)
@settings(deadline=None)
def test_sorted_paths_come_back(paths: list[str]) -> None:
    exact("\n".join(sorted(paths)))


@given(st.lists(st.tuples(BRANCHES, NAMES), min_size=5, max_size=40))
@settings(max_examples=150, deadline=None)
def test_any_tree_comes_back(rows: list[tuple[str, str]]) -> None:
    exact("\n".join(branch + name for branch, name in rows))


@given(st.lists(st.tuples(st.integers(0, 99), NAMES), min_size=45, max_size=80), st.booleans())
@settings(max_examples=60, deadline=None)
def test_any_sorted_numbers_come_back(rows: list[tuple[int, str]], falling: bool) -> None:
    rows = sorted(rows, reverse=falling)
    exact("\n".join(f"{number:7} pkg/{name}" for number, name in rows) + "\n")


def test_names_stand_under_their_folder() -> None:
    paths = ["src/app/main.py", "src/app/routes.py", "src/app/models.py", "src/lib/text.py"]
    assert exact("\n".join(paths * 3)).startswith(
        "[names under their folder, side by side]\nsrc/app/:\n main.py routes.py models.py\n"
    )


def test_a_tree_that_was_cut_off_comes_back() -> None:
    full = "root\n" + "\n".join(f"├── folder{i}\n│   ├── a.py\n│   └── b.py" for i in range(9))
    assert "goes on at 1" in exact(full)


def test_states_of_files_are_said_with_their_folder() -> None:
    text = "\n".join(f" M src/api/handler_{i}.py" for i in range(8))
    assert exact(text).split("\n")[1:3] == [
        " M src/api/:",
        " " + " ".join(f"handler_{i}.py" for i in range(7)),
    ]


def fold(text: str, query: str = "", command: str = "ls -l") -> str:
    result = listing.squeeze(text, Origin("Bash", command), Ask(Level.SAFE, query))
    return result.text if result else text


FRAMES = "\n".join(
    f"-rw-r--r-- 1 dev dev {9 if i == 200 else 1000 + i % 7} Mar  4 10:20 frame-{i:04}.png"
    for i in range(400)
)


def test_long_runs_are_counted_with_their_size() -> None:
    text = fold(FRAMES)
    assert " .png files, " in text
    assert " bytes]" in text
    assert "frame-0000.png" in text
    assert "frame-0399.png" in text
    assert "frame-0150.png" not in text


def test_what_was_asked_for_is_shown() -> None:
    assert "frame-0150.png" in fold(FRAMES, "Is frame-0150.png there?")


def test_a_path_that_was_asked_for_is_found_in_a_tree() -> None:
    folders = [f"│   ├── part{i}\n│   │   └── index.ts" for i in range(60)]
    files = [f"│   ├── page{i:03}.ts" for i in range(300)]
    text = "\n".join([".", "├── src", *folders, *files, "│   └── index.ts", "└── README.md"])
    shown = fold(text, "Does src/page150.ts import it?", command="tree")
    assert "page150.ts" in shown
    assert "page151.ts" not in shown
    assert " .ts files]" in shown


def test_what_tools_put_there_is_counted_unless_it_is_the_subject() -> None:
    vendored = [f"web/node_modules/pad/lib/part{i}.js" for i in range(60)]
    text = "\n".join([*vendored, "web/src/app.ts", "web/src/main.ts"])
    assert "[… 58 paths in web/node_modules]" in fold(text)
    assert "[…" not in fold(text, command="find web/node_modules web/src")
    assert "[…" not in fold("\n".join(vendored))


def test_packages_that_stand_elsewhere_in_the_tree_are_counted() -> None:
    packages = []
    for i in range(12):
        packages += [f"├─┬ part{i}@1.{i}.0", f"│ └── own{i}@2.0.0"]
        packages += [f"├─┬ user{i}@3.{i}.0"]
        packages += [f"│ ├── part{k}@1.{k}.0 deduped" for k in range(6)]
        packages += [f"│ └── own{i}@2.0.0 deduped"]
    text = "\n".join(["shelf@1.0.0", *packages, "└── last@1.0.0"])
    result = listing.squeeze(text, Origin("Bash", "npm ls --all"), Ask(Level.SAFE))
    assert result is not None
    assert "[… 6 told elsewhere]" in result.text
    assert "own7@2.0.0 deduped" in result.text
    assert verify(text, result, listing.expand)
    asked = listing.squeeze(text, Origin("Bash", "npm ls"), Ask(Level.SAFE, "Who needs part3?"))
    assert asked is not None
    assert "part3@1.3.0 deduped" in asked.text


def test_idle_kernel_threads_are_counted() -> None:
    head = "USER       PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND"
    threads = [
        f"root       {i:3}  0.0  0.0      0     0 ?        I<   02:24   0:00 [kworker/{i}:0]"
        for i in range(40)
    ]
    busy = "root       900  3.0  0.0      0     0 ?        I<   02:24   9:00 [kworker/u8:1]"
    server = "www        901  0.5  1.0  90000  8000 ?        Ss   02:24   0:10 nginx: master"
    text = fold("\n".join([head, *threads, busy, server]), command="ps aux")
    assert text.split("\n") == [head, "[… 40 idle kernel threads]", busy, server]


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("kubectl get pods", "web-7f9c    1/1     Running   0    3d"),
        ("cat notes.txt", "and/or both/neither of them"),
        ("", "12:00:01 GET /api/users 200"),
    ],
)
def test_other_texts_are_not_claimed(command: str, line: str) -> None:
    assert listing.score("\n".join([line] * 20), Origin("Bash", command)) < 0.6


def test_the_router_sends_listings_here() -> None:
    text = "\n".join(f"packages/core/src/module_{i // 5}/part_{i}.ts" for i in range(60))
    for origin in (Origin("Bash", "git ls-files"), Origin("Glob"), Origin("Bash", "fd -e ts")):
        result = compressors.squeeze(text, origin, Ask(Level.EXACT))
        assert result is not None
        assert result.compressor == "listing"
