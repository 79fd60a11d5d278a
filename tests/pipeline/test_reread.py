"""A file read again: what is left out stands, byte for byte, in the read that the note means."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from headroom_wrap.pipeline import reread

FILE = [f"    value_{n} = compute({n})" for n in range(60)]


def numbered(lines: list[str], first: int = 1) -> str:
    return "\n".join(f"{n:6}\t{line}" for n, line in enumerate(lines, first))


def earlier(lines: list[str], path: str = "a.py") -> reread.Read:
    return reread.read(numbered(lines), path)


def test_a_whole_repeat_is_one_line() -> None:
    found = reread.delta(numbered(FILE), "a.py", [earlier(FILE)])
    assert found is not None
    assert found[0].text == "[… lines 1-60 as read above, unchanged]"


def test_a_change_is_shown_with_two_lines_around_it() -> None:
    new = [*FILE[:30], "    value_30 = other()", "    extra = 1", *FILE[31:]]
    found = reread.delta(numbered(new), "a.py", [earlier(FILE)])
    assert found is not None
    assert found[0].text.split("\n") == [
        "[… lines 1-28 as read above, unchanged]",
        *numbered(new).split("\n")[28:34],
        "[… lines 35-61 as read above (there 34-60), unchanged]",
    ]


def test_short_runs_are_shown() -> None:
    new = [line if n % 8 else f"changed {n}" for n, line in enumerate(FILE)]
    assert reread.delta(numbered(new), "a.py", [earlier(FILE)]) is None


def test_another_file_is_named() -> None:
    found = reread.delta("\n".join(FILE), "", [earlier(FILE, "src/a.py")])
    assert found is not None
    assert found[0].text == "[… 60 lines of src/a.py as read above (there 1-60), unchanged]"


def test_a_read_with_a_gap_claims_no_lines_it_never_showed() -> None:
    parts = f"{numbered(FILE[:20])}\n{numbered(FILE[40:], 41)}"
    found = reread.delta(parts, "a.py", [reread.read(parts, "a.py")])
    assert found is not None
    assert found[0].text == "[… 40 lines as read above, unchanged]"


def test_one_blank_of_indentation_is_a_difference() -> None:
    old = reread.read("\n".join(f"{n}:{line}" for n, line in enumerate(FILE, 1)), "a.py")
    deeper = "\n".join(f"{n}: {line}" for n, line in enumerate(FILE, 1))
    assert reread.delta(deeper, "a.py", [old]) is None


def test_a_table_with_numbers_in_front_is_no_numbered_file() -> None:
    rows = [f"{n * 3}\tcell" for n in range(40)]
    assert reread.read("\n".join(rows), "a.tsv").numbers == (0,) * 40


def test_paths_that_may_be_the_same_file() -> None:
    assert reread.same_file("./src/a.py", "/home/me/src/a.py")
    assert not reread.same_file("src/a.py", "src/ba.py")
    assert not reread.same_file("", "src/a.py")


LINES = st.lists(st.sampled_from(["", "x = 1", "  y", "}", "return", "12\tz", "ü"]), max_size=60)


@given(LINES, LINES, st.data())
def test_what_is_left_out_stands_in_the_earlier_read(
    old: list[str], extra: list[str], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(old)))
    new = [*old[:cut], *extra, *old[cut:]]
    text = "\n".join(new)
    base = reread.read("\n".join(old), "a.py")
    found = reread.delta(text, "a.py", [base])
    if found is None:
        return
    squeezed, leaned = found
    assert leaned == [base]
    lines = text.split("\n")
    known = "\n".join(["", *base.lines, ""])
    shown = squeezed.text.split("\n")
    at = gone = 0
    for start, end in squeezed.gaps:
        assert shown[at - gone : start - gone] == lines[at:start]
        assert "\n".join(["", *reread.read(text, "a.py").lines[start:end], ""]) in known
        assert shown[start - gone].startswith("[… ")
        gone += end - start - 1
        at = end
    assert shown[at - gone :] == lines[at:]
