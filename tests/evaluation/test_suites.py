"""Each suite: its public form is read, its prompt asks, its scores are the public ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from headroom_wrap.errors import ConfigError
from headroom_wrap.evaluation import suites
from headroom_wrap.evaluation.rows import Answer, Call, Row
from headroom_wrap.evaluation.suites import DataError
from tests.evaluation.conftest import DATA

FILES = {
    "squad": "squad.json",
    "hotpotqa": "hotpotqa.json",
    "longdoc": "longdoc.jsonl",
    "bfcl": "BFCL_own.json",
    "gsm8k": "gsm8k.jsonl",
    "truthfulqa": "truthfulqa.csv",
    "agent": "../../replay/data/swe-agent.jsonl",
}
COUNTS = {
    "squad": 6,
    "hotpotqa": 2,
    "longdoc": 1,
    "bfcl": 3,
    "gsm8k": 3,
    "truthfulqa": 2,
    "agent": 35,
}


def rows(name: str) -> list[Row]:
    return list(suites.named(name).load(DATA / FILES[name]))


@pytest.mark.parametrize("name", FILES)
def test_the_public_form_is_read_and_asked(name: str) -> None:
    suite = suites.named(name)
    found = rows(name)
    assert len(found) == COUNTS[name]
    for row in found:
        said = "\n".join(str(m.get("content")) for m in suite.prompt(row).messages)
        assert row.question in said
        assert set(suite.score(row, Answer(""))) == set(suite.METRICS)


# suite, which row, what is said, the main score
SCORES = [
    ("squad", 0, "forty-one days", 1.0),
    ("squad", 0, "The answer is: Forty-one days.", 1.0),
    ("squad", 0, "forty-one cold days", 0.8),
    ("squad", 0, "three", 0.0),
    ("squad", 0, "unanswerable", 0.0),
    ("squad", 2, "Unanswerable.", 1.0),
    ("squad", 2, "two hundred", 0.0),
    ("hotpotqa", 0, "2016\n\nBecause …", 1.0),
    ("hotpotqa", 1, "No.", 1.0),
    ("hotpotqa", 1, "no, it is not", 0.0),
    ("gsm8k", 0, "7*12=84, 84-9=75\n#### 75", 1.0),
    ("gsm8k", 0, "There are 75 pots left.", 1.0),
    ("gsm8k", 0, "#### 84 (then 75)", 0.0),
    ("gsm8k", 2, "It is 1200.", 1.0),
    ("gsm8k", 2, "no idea", 0.0),
    ("bfcl", 2, '{"name": "station.read", "arguments": {"what": "Wind", "hours": 6}}', 1.0),
    ("bfcl", 2, '```json\n{"name": "station.read", "parameters": {"what": "wind"}}\n```', 0.0),
    ("bfcl", 2, "station.read(wind)", 0.0),
]


@pytest.mark.parametrize(("name", "at", "said", "wanted"), SCORES)
def test_what_an_answer_is_worth(name: str, at: int, said: str, wanted: float) -> None:
    suite = suites.named(name)
    score = suite.score(rows(name)[at], Answer(said))[suite.METRICS[0]]
    assert score == pytest.approx(wanted)


# whether the answer stands in what is said, though it is no exact match
SAID = [
    (0, "It failed on forty-one days.", 1.0),
    (0, "It failed on eleven days.", 0.0),
    (2, "It cost two hundred.", 0.0),
    (2, "unanswerable", 1.0),
]


@pytest.mark.parametrize(("at", "said", "wanted"), SAID)
def test_whole_sentences_may_say_it_too(at: int, said: str, wanted: float) -> None:
    scores = suites.named("squad").score(rows("squad")[at], Answer(said))
    assert scores["says it"] == wanted


# (arguments of ferry.book, whether that is the right call); a note may be left out
BOOKED = [
    ({"day": "2026-05-04", "cars": 2}, True),
    ({"day": "2026-05-04", "cars": 2, "note": ""}, True),
    ({"day": "2026-05-04", "cars": 2.0}, True),
    ({"day": "2026-05-04", "cars": True}, False),
    ({"day": "2026-05-04", "cars": "2"}, False),
    ({"day": "2026-05-05", "cars": 2}, False),
    ({"day": "2026-05-04"}, False),
    ({"day": "2026-05-04", "cars": 2, "colour": "red"}, False),
]


@pytest.mark.parametrize(("arguments", "right"), BOOKED)
def test_a_call_is_right_argument_by_argument(arguments: dict[str, object], right: bool) -> None:
    answer = Answer("", (Call("ferry.book", arguments),))
    scores = suites.named("bfcl").score(rows("bfcl")[0], answer)
    assert scores == {"right call": float(right), "right function": 1.0}


def test_the_right_letter_is_that_of_the_best_answer() -> None:
    suite = suites.named("truthfulqa")
    for row, best in zip(rows("truthfulqa"), ("Leaves and twigs", "Yes, tall"), strict=True):
        line = next(line for line in row.question.split("\n") if best in line)
        assert suite.score(row, Answer(f"({line[0].lower()}) indeed"))["accuracy"] == 1.0
        assert suite.score(row, Answer("Z"))["accuracy"] == 0.0


# what one and the other do, whether that is the same next action
ACTIONS = [
    ({"command": "ls -l src"}, {"command": "ls src"}, True),
    ({"command": "cd src && ls"}, {"command": "grep -rn x ."}, False),
    ({"command": ["bash", "-lc", "ls"]}, {"command": "bash -lc pwd"}, True),
    ({"file_path": "a.py", "limit": 3}, {"file_path": "a.py"}, True),
    ({"file_path": "a.py"}, {"file_path": "b.py"}, False),
]


@pytest.mark.parametrize(("one", "other", "same"), ACTIONS)
def test_when_two_next_actions_agree(one: Call, other: Call, same: bool) -> None:
    suite = suites.named("agent")
    answers = [Answer("", (Call("bash", given),)) for given in (one, other)]  # type: ignore[arg-type]
    assert suite.same(*answers) is same


def test_an_agent_step_is_asked_with_what_stood_before_it() -> None:
    suite = suites.named("agent")
    for row in rows("agent"):
        prompt = suite.prompt(row)
        assert prompt.acts
        assert prompt.messages[-1]["role"] == "tool"
        named = {tool["function"]["name"] for tool in prompt.tools}
        assert row.about["call"].name in named
        taken = Answer("", (row.about["call"],))
        assert suite.score(row, taken) == {"recorded action": 1.0, "recorded call": 1.0}


NEEDLES = [
    (f"2026-01-01 00:00:{at:02d} INFO request-{at}x took {at * 37 % 1000}ms by worker-{at}y")
    for at in range(40)
]


def test_needles_are_values_that_stand_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "app.log"
    file.write_text("\n".join(NEEDLES))
    found = list(suites.named("needle").load(file))
    assert [row.group for row in found] == ["asked", "not asked"] * 5
    for row in found:
        assert file.read_text().count(row.needs[0]) == 1
    assert not any(row.needs[0] in row.question for row in found)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("squad", "not json"),
        ("squad", '{"rows": []}'),
        ("squad", '{"data": [{"paragraphs": [{"qas": [{}]}]}]}'),
        ("hotpotqa", '{"a": 1}'),
        ("longdoc", '{"question": "?"}'),
        ("bfcl", "[1, 2]"),
        ("bfcl", '{"id": "x"}'),
        ("gsm8k", '{"question": "?"}'),
        ("truthfulqa", "a,b\n1,2\n"),
    ],
)
def test_a_file_of_another_kind_is_named(tmp_path: Path, name: str, content: str) -> None:
    file = tmp_path / "data.json"
    file.write_text(content)
    rows: list[Row] = []
    with pytest.raises(DataError, match=r"data\.json"):
        rows += suites.named(name).load(file)


def test_a_suite_that_is_not_there() -> None:
    with pytest.raises(ConfigError) as problem:
        suites.named("squat")
    assert "squad" in problem.value.hint
