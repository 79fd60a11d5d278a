"""Test runs: what is known of failures from elsewhere is counted, what tells them apart stays."""

from __future__ import annotations

from headroom_wrap import compressors
from headroom_wrap.compressors._parts import parts
from headroom_wrap.types import Ask, Level, Origin

PYTEST = Origin("Bash", "pytest")


def squeezed(text: str, query: str = "", origin: Origin = PYTEST) -> str:
    result = compressors.squeeze(text, origin, Ask(Level.SAFE, query))
    return result.text if result else text


def covered(percent: int, count: int) -> list[str]:
    left = f"100      {100 - percent}    {percent}%"
    return [f"src/shelf/part{i}.py       {left}" for i in range(count)]


def report(rows: list[str]) -> str:
    head = "Name                     Stmts   Miss  Cover"
    return "\n".join([head, "-" * 44, *rows, "-" * 44, "TOTAL 2000 90 93%", "1 passed in 0.10s"])


def test_files_that_lack_next_to_nothing_are_counted_where_there_are_many() -> None:
    rows = [*covered(97, 20), "src/shelf/odd.py        100     60    40%"]
    shown = squeezed(report(rows), "How well is part7 covered?")
    assert "odd.py        100     60    40%" in shown
    assert "part7.py       100      3    97%" in shown
    assert "12 files covered to 95 % or more" in shown
    assert "part3.py" in squeezed(report(covered(97, 5)))


def test_rows_stay_where_no_failure_is_named_below() -> None:
    rows = [f"tests/test_{i}.py ....F.....            [ {i}0%]" for i in range(1, 9)]
    text = "\n".join([*rows, "8 failed, 72 passed in 0.10s"])
    assert "tests/test_3.py ....F....." in squeezed(text)
    named = [f"FAILED tests/test_{i}.py::test_five - assert 0" for i in range(1, 9)]
    shown = squeezed("\n".join([*rows, "=== short test summary info ===", *named, rows[0]]))
    assert "tests/test_3.py ....F....." not in shown
    assert "8 rows with failures named below" in shown
    assert all(name in shown for name in named)
    cut = squeezed("\n".join([*rows, "=== short test summary info ===", *named[:3], rows[0]]))
    assert "named below" not in cut


def test_a_failure_is_shown_where_it_runs_unless_its_own_name_stands_below() -> None:
    ran = [f"tests/test_a.py::test_{i} FAILED                      [{i:3}%]" for i in range(20)]
    named = [f"FAILED tests/test_a.py::test_{i} - assert 0" for i in range(1, 20)]
    text = "\n".join(["=== test session starts ===", *ran, *named, "20 failed in 0.10s"])
    shown = squeezed(text)
    assert "tests/test_a.py::test_0 FAILED" in shown
    assert "tests/test_a.py::test_1 FAILED" not in shown


def test_a_table_that_a_test_prints_belongs_to_the_run() -> None:
    drawn = "+----+----+\n| a  | b  |\n+----+----+\n| 1  | 2  |\n+----+----+"
    passed = [f"tests/test_a.py::test_{i} PASSED          [{i:3}%]" for i in range(40)]
    text = "\n".join([*passed[:20], "printed:", drawn, *passed[20:], "40 passed in 0.10s"])
    assert [part.text for part in parts(text, PYTEST)] == [text]
    assert drawn in squeezed(text)


def test_what_pytest_says_of_its_own_failure_is_a_trace() -> None:
    place = 'File "/usr/lib/python3.12/site-packages/pluggy/a.py", line'
    frames = [
        f"INTERNALERROR>   {place} {i}, in call{i}\nINTERNALERROR>     go()" for i in range(9)
    ]
    head = "INTERNALERROR> Traceback (most recent call last):"
    text = "\n".join([head, *frames, "INTERNALERROR> ValueError: no such plug-in"])
    shown = squeezed(text)
    assert "ValueError: no such plug-in" in shown
    assert " library frames]" in shown


def test_of_much_that_a_test_printed_the_ends_and_trouble_are_shown() -> None:
    printed = [f"step {i} of looking at it" for i in range(80)]
    printed[40] = "WARNING the shelf is full"
    title = f"{'_' * 30} test_one {'_' * 30}"
    text = "\n".join(
        [
            f"{'=' * 30} FAILURES {'=' * 30}",
            title,
            "",
            "    def test_one():",
            ">       assert walk() == 1",
            "E       assert 2 == 1",
            "",
            "tests/test_a.py:7: AssertionError",
            f"{'-' * 30} Captured stdout call {'-' * 30}",
            *printed,
            "=== short test summary info ===",
            "FAILED tests/test_a.py::test_one - assert 2 == 1",
            "1 failed in 0.10s",
        ]
    )
    shown = squeezed(text, "Why does it fail at step 50?")
    assert printed[11] in shown
    assert printed[40] in shown
    assert printed[50] in shown
    assert printed[70] in shown
    assert printed[30] not in shown
    assert " captured lines]" in shown
