"""Recorded sessions sent through the real pipeline, and what comes of their bills."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from headroom_wrap.cli.app import app
from headroom_wrap.replay import Outcome, Transcript, bill, read, replay
from tests.pipeline.talk import code, log
from tests.replay import files
from tests.replay.files import Claude

RECORDED = Path(__file__).parent / "data/swe-agent.jsonl"


def summed(outcomes: list[Outcome], way: str) -> float:
    return sum(outcome.bills[way] for outcome in outcomes)


# The sessions are short, and Gemini caches only prompts from 2048 tokens on.
@pytest.mark.parametrize(
    ("cache", "most"),
    [("anthropic-5m", 0.85), ("anthropic-1h", 0.85), ("openai", 0.85), ("gemini", 0.86)],
)
def test_recorded_sessions_cost_less_and_nothing_breaks(cache: str, most: float) -> None:
    outcomes = [replay(found, bill.MODELS[cache]) for found in read(RECORDED)]
    assert len(outcomes) == 3
    assert sum(outcome.edits for outcome in outcomes) == 7
    assert all(outcome.breaks == outcome.edit_misses == 0 for outcome in outcomes)
    bare = summed(outcomes, "bare")
    assert summed(outcomes, "safe") <= most * bare
    assert summed(outcomes, "exact") <= 0.91 * bare
    assert summed(outcomes, "rolling rewrite") > 1.05 * bare


def session() -> Claude:
    """Reads, an edit, a second read, a log, the log again, a rewind."""
    rows = Claude()
    rows.prompt("Go")
    rows.calls("toolu_read_00000001", tool="Read", file_path="a.py")
    rows.result("toolu_read_00000001", code(80))
    old = "    total_40 = compute(40, scale)"
    rows.calls("toolu_edit_00000002", answer="msg_2", tool="Edit", file_path="a.py", old_string=old)
    rows.result("toolu_edit_00000002", "The file a.py has been updated.")
    rows.calls("toolu_read_00000003", answer="msg_3", tool="Read", file_path="a.py")
    rows.result("toolu_read_00000003", code(80, changed=40))
    rows.calls("toolu_log_000000004", answer="msg_4", command="journalctl")
    end = rows.result("toolu_log_000000004", log(300))
    rows.calls(answer="msg_5")
    rows.prompt("Once more", parent=end)
    rows.calls("toolu_log_000000005", answer="msg_6", command="journalctl")
    rows.result("toolu_log_000000005", log(300))
    rows.calls(answer="msg_7")
    return rows


def test_a_session_with_edits_a_regret_and_a_rewind(tmp_path: Path) -> None:
    [found] = read(files.lines(tmp_path / "s.jsonl", session().rows))
    outcome = replay(found, bill.MODELS["anthropic-5m"])
    assert (outcome.requests, outcome.edits, outcome.edit_misses) == (7, 1, 0)
    assert (outcome.breaks, outcome.regrets) == (0, 1)
    assert outcome.priced
    bills = outcome.bills
    assert bills["safe"] <= bills["exact"] < bills["bare"] < bills["rolling rewrite"]


def aged(hours: float) -> Transcript:
    """A long session, a pause, and what is left of it afterwards."""
    rows = Claude()
    rows.prompt("Go")
    rows.calls("toolu_old_000000000", tool="Read", file_path="old.py")
    rows.result("toolu_old_000000000", code(400))
    for step in range(60):
        if step == 40:
            rows.seconds += int(3600 * hours)
        name = f"toolu_step_{step:08}"
        rows.calls(name, answer=f"msg_{step}a", command=f"true {step}")
        rows.result(name, f"done {step}")
    rows.calls(answer="msg_end")
    return rows.transcript()


@pytest.mark.parametrize(("hours", "points"), [(0.01, 0), (0.5, 1)])
def test_what_is_old_leaves_in_a_pause(hours: float, points: int) -> None:
    outcome = replay(aged(hours), bill.MODELS["anthropic-5m"])
    assert (outcome.cold_points, outcome.breaks) == (points, 0)
    assert (outcome.bills["safe"] < 0.9 * outcome.bills["bare"]) == bool(points)


@pytest.mark.parametrize(
    "rows",
    [files.codex([("cat a.py", code(60)), ("journalctl", log(200))])],
    ids=["codex"],
)
def test_other_agents(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    [found] = read(files.lines(tmp_path / "r.jsonl", rows))
    outcome = replay(found, bill.MODELS["openai"])
    assert (outcome.requests, outcome.results, outcome.shortened) == (3, 2, 1)
    assert outcome.breaks == 0


def run(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, ["replay", *map(str, arguments)])


def test_the_command_over_many_files_junk_among_them(tmp_path: Path) -> None:
    for number in range(6):
        files.lines(tmp_path / f"s{number}.jsonl", session().rows)
    shutil.copy(RECORDED, tmp_path)
    (tmp_path / "junk.jsonl").write_bytes(b"\0\xff{" * 1000)
    (tmp_path / "deep.json").write_bytes(b'{"messages": ' + b"[" * 100_000)
    (tmp_path / "gone.jsonl").symlink_to(tmp_path / "nowhere")
    ran = run(tmp_path, "--json", "--jobs", "2")
    assert ran.exit_code == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert (found["conversations"], found["requests"]) == (9, 80)
    # Not all of their models have a price.
    assert not found["priced"]
    assert found["of_bare"]["safe"] < found["of_bare"]["exact"] < 1
    assert (found["prefix_breaks"], found["edits"], found["edit_misses"]) == (0, 13, 0)


def test_the_table(tmp_path: Path) -> None:
    ran = run(files.lines(tmp_path / "s.jsonl", session().rows), "--jobs", "1")
    assert ran.exit_code == 0, ran.stderr
    assert "bill, $" in ran.stdout
    assert "prefix breaks 0 · edits 1, of which cannot apply 0" in ran.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "there is no nowhere"),
        ([RECORDED, "--cache", "soon"], "no cache model `soon`"),
        ([Path(__file__)], "no transcript found"),
    ],
)
def test_what_makes_no_sense(arguments: list[str | Path], said: str) -> None:
    ran = run(*arguments)
    assert said in str(ran.exception)
