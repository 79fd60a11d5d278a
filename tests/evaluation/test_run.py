"""An evaluation as a user has it, from the command line to the report."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from headroom_wrap.cli import run as headroom
from tests.evaluation.conftest import DATA
from tests.evaluation.endpoint import Endpoint, told

Json = dict[str, Any]
SQUAD = str(DATA / "squad.json")


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-not-to-be-shown")


def evaluated(capsys: pytest.CaptureFixture[str], *arguments: str) -> Json:
    """The JSON report of a run that ends well."""
    code = headroom(["eval", "run", *arguments, "--json"])
    out, err = capsys.readouterr()
    assert code == 0, err
    return dict(json.loads(out))


def failed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What is said on stderr where it does not."""
    assert headroom(["eval", *arguments]) in (1, 2)
    out, err = capsys.readouterr()
    assert out == ""
    return err


def condition(report: Json, name: str) -> Json:
    return dict(next(each for each in report["conditions"] if each["condition"] == name))


def asking(endpoint: Endpoint, *more: str) -> tuple[str, ...]:
    return ("squad", "--data", SQUAD, "--base-url", endpoint.url, "--model", "model-x", *more)


def test_without_a_reader_it_says_what_is_left(capsys: pytest.CaptureFixture[str]) -> None:
    report = evaluated(capsys, "squad", "--data", SQUAD)
    assert report["reader"] is None
    bare, safe = condition(report, "none"), condition(report, "safe")
    assert (safe["touched"], safe["held"], safe["kept"]) == (6, 5, 5)
    assert safe["tokens"] < 0.8 * bare["tokens"]
    assert safe["originals_back"] == 6


def test_needles_of_the_tool_outputs_that_ship(capsys: pytest.CaptureFixture[str]) -> None:
    report = evaluated(capsys, "needle", "--limit", "20")
    for level in ("exact", "safe", "lean"):
        found = condition(report, level)
        assert found["touched"] > 0
        assert found["originals_back"] == found["touched"]
        asked = next(group for group in found["groups"] if group["group"] == "asked")
        assert asked["kept"] == asked["held"] > 0


@pytest.mark.usefixtures("key")
def test_answers_are_compared_question_by_question(
    endpoint: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    # Right about the ferry, and about the orchard only where its story is told in full.
    def say(body: Json) -> str:
        if "crossing take at high water" in told(body):
            return "four minutes"
        return "forty-one days" if "neighbour's goats" in told(body) else "unanswerable"

    endpoint.say = say
    report = evaluated(capsys, *asking(endpoint))
    bare, exact, safe = (condition(report, name) for name in ("none", "exact", "safe"))
    assert report["requests"] == len(endpoint.seen) == 6 + 6 + 6
    assert exact["touched"] == 0
    assert exact["paired"] == {}
    paired = safe["paired"]["exact match"]
    assert paired["rows"] == 6
    assert paired["without"] == bare["scores"]["exact match"] > paired["with_"]
    assert paired["worse"] - paired["better"] >= 1
    assert safe["same"] < safe["compared"] == 6
    assert bare["usage"]["input"] == 6 * 300


@pytest.mark.usefixtures("key")
def test_a_second_run_asks_nothing(endpoint: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    first = evaluated(capsys, *asking(endpoint))
    asked = len(endpoint.seen)
    second = evaluated(capsys, *asking(endpoint))
    assert len(endpoint.seen) == asked
    assert second["requests"] == 0
    assert second["conditions"] == first["conditions"]
    other = evaluated(capsys, *asking(endpoint, "--seed", "1"))
    assert other["requests"] == asked


@pytest.mark.usefixtures("key")
def test_a_run_that_was_stopped_goes_on(
    endpoint: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    class StoppedError(Exception):
        pass

    def say(body: Json) -> str:
        if len(endpoint.seen) > 4:
            endpoint.faults = [(401, {}, {"error": {"message": "revoked"}})] * 20
        return "four minutes"

    endpoint.say = say
    said = failed(capsys, "run", *asking(endpoint, "--jobs", "1"))
    assert "revoked" in said
    done = len(endpoint.seen)
    endpoint.faults.clear()
    endpoint.say = lambda body: "four minutes"
    report = evaluated(capsys, *asking(endpoint, "--jobs", "1"))
    assert report["requests"] == len(endpoint.seen) - done == 18 - done


@pytest.mark.usefixtures("key")
def test_what_may_pass_is_waited_for(
    endpoint: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    busy = {"error": {"message": "slow down"}}
    endpoint.faults = [(429, {"retry-after": "0"}, busy), (503, {"retry-after": "0"}, "down")]
    report = evaluated(capsys, *asking(endpoint, "--level", "exact", "--jobs", "1"))
    assert report["requests"] == 6
    assert len(endpoint.heads) == 8


# what the endpoint answers, what is said then
FAULTS = [
    ((401, {}, {"error": {"message": "bad key"}}), "does not accept the key"),
    ((404, {}, {"error": {"message": "no such model"}}), "is the --base-url right"),
    ((200, {}, "<html>hello</html>"), "answers with no chat completion"),
    ((200, {}, {"choices": []}), "answers with no chat completion"),
    ((429, {"retry-after": "3600"}, {"error": {"message": "later"}}), "asks to wait 3600 s"),
    ((429, {}, {"error": {"code": "insufficient_quota", "message": "pay"}}), "insufficient_quota"),
    ((302, {"location": "http://127.0.0.1:9/"}, {}), "is the --base-url right"),
]


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize(("fault", "said"), FAULTS)
def test_what_will_not_pass_ends_it(
    endpoint: Endpoint,
    capsys: pytest.CaptureFixture[str],
    fault: tuple[int, dict[str, str], Json | str],
    said: str,
) -> None:
    endpoint.faults = [fault]
    err = failed(capsys, "run", *asking(endpoint, "--level", "exact", "--jobs", "1"))
    assert said in err
    assert "sk-test" not in err


@pytest.mark.usefixtures("key")
def test_a_prompt_that_is_refused_is_left_out(
    endpoint: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    endpoint.faults = [(400, {}, {"error": {"message": "maximum context length is 9 tokens"}})]
    report = evaluated(capsys, *asking(endpoint, "--level", "safe", "--jobs", "1"))
    assert condition(report, "none")["refused"] == 1
    assert condition(report, "safe")["paired"]["f1"]["rows"] == 5
    endpoint.faults = [(400, {}, {"error": {"message": "too long"}})] * 99
    err = failed(capsys, "run", *asking(endpoint, "--seed", "2", "--jobs", "1"))
    assert "every request was refused" in err


@pytest.mark.usefixtures("key")
def test_parameters_that_a_model_does_not_take(
    endpoint: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    def no(what: str) -> tuple[int, dict[str, str], Json]:
        return 400, {}, {"error": {"message": f"Unsupported parameter: {what}"}}

    renamed = "'max_tokens' is not supported. Use 'max_completion_tokens' instead."
    endpoint.faults = [no("'temperature'"), no(renamed), no("'seed'")]
    report = evaluated(capsys, *asking(endpoint, "--level", "exact", "--jobs", "1"))
    assert len(report["notes"]) == 3
    for body in endpoint.seen:
        assert body["max_completion_tokens"] >= 1000
        assert not {"temperature", "seed", "max_tokens"} & set(body)


def test_answers_that_were_cut_off_are_told(
    endpoint: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    endpoint.say = lambda body: "<think>Let me see. The ferry takes" + "…"
    where = ("--data", SQUAD, "--base-url", endpoint.url, "--model", "m", "--level", "exact")
    assert headroom(["eval", "run", "squad", *where, "--answer-tokens", "9"]) == 0
    page = capsys.readouterr().out
    assert "12 answers went on beyond 9 tokens" in page
    assert {body["max_tokens"] for body in endpoint.seen} == {9}


def test_what_a_model_thinks_is_no_answer(
    endpoint: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    endpoint.say = lambda body: "<think>forty-one days? No.</think>\nfour minutes"
    report = evaluated(capsys, *asking(endpoint, "--level", "exact"))
    assert condition(report, "none")["scores"]["exact match"] == pytest.approx(1 / 6)


def test_a_run_that_was_killed_goes_on(
    endpoint: Endpoint, capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    four, go_on = threading.Event(), threading.Event()

    def say(body: Json) -> str:
        if len(endpoint.seen) == 5:
            four.set()
            go_on.wait(60)
        return "four minutes"

    endpoint.say = say
    command = ["eval", "run", *asking(endpoint, "--jobs", "1")]
    ours = [sys.executable, "-m", "headroom_wrap", *command]
    with subprocess.Popen(ours, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        assert four.wait(100)
        running.send_signal(signal.SIGKILL)
    go_on.set()
    endpoint.say = lambda body: "four minutes"
    report = evaluated(capsys, *asking(endpoint, "--jobs", "1"))
    assert report["requests"] == 18 - 4


def test_anthropics_endpoint(
    endpoint: Endpoint, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_KEY", "sk-ant-test")
    more = ("--reader", "anthropic", "--key-variable", "MY_KEY")
    report = evaluated(capsys, *asking(endpoint, *more))
    assert report["requests"] == len(endpoint.seen) == 18
    assert {head["x-api-key"] for head in endpoint.heads} == {"sk-ant-test"}
    body = endpoint.seen[0]
    assert (body["temperature"], body["tool_choice"]) == (0, {"type": "none"})
    assert condition(report, "none")["scores"]["f1"] > 0


@pytest.mark.parametrize("wire", ["openai", "anthropic"])
@pytest.mark.parametrize("plain", [(), ("--plain",)])
def test_every_suite_is_taken_by_strict_endpoints(
    endpoint: Endpoint, capsys: pytest.CaptureFixture[str], wire: str, plain: tuple[str, ...]
) -> None:
    from tests.evaluation.test_suites import FILES

    for name, file in FILES.items():
        where = ("--data", str(DATA / file), "--limit", "3", "--level", "safe")
        who = ("--base-url", endpoint.url, "--model", "m", "--reader", wire)
        report = evaluated(capsys, name, *where, *who, *plain)
        assert all(each["refused"] == 0 for each in report["conditions"]), name


def test_next_actions_beside_how_often_a_reader_agrees_with_itself(
    endpoint: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    # Undecided between two programs: every other request gets the other.
    def say(body: Json) -> Json:
        return {"name": "bash", "with": {"command": f"{'ls' if len(endpoint.seen) % 2 else 'rg'}"}}

    endpoint.say = say
    file = str(DATA / "../../replay/data/swe-agent.jsonl")
    where = ("agent", "--data", file, "--limit", "8", "--level", "safe")
    report = evaluated(capsys, *where, "--base-url", endpoint.url, "--model", "m", "--jobs", "1")
    floor = condition(report, "none, again")
    assert floor["compared"] == 8
    assert floor["same"] < 8
    assert len(endpoint.seen) == 8 + 8 + condition(report, "safe")["touched"]


def test_a_context_that_is_never_touched_is_no_tie(
    endpoint: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ("--data", str(DATA / "gsm8k.jsonl"), "--base-url", endpoint.url, "--model", "m")
    endpoint.say = lambda body: "#### 75"
    assert headroom(["eval", "run", "gsm8k", *data]) == 0
    page = capsys.readouterr().out
    levels = [line for line in page.split("\n") if line.startswith(("| exact", "| safe", "| lean"))]
    assert len(levels) == 3
    for line in levels:
        assert "untouched" in line
        assert "0.000" not in line
    assert len(endpoint.seen) == 3


def test_the_report_is_the_same_from_its_file(
    endpoint: Endpoint, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    saved, rows = tmp_path / "squad-report.json", tmp_path / "rows.jsonl"
    more = ("--title", "Own rows", "--save", str(saved), "--rows", str(rows))
    assert headroom(["eval", "run", *asking(endpoint, *more)]) == 0
    printed = capsys.readouterr().out
    assert headroom(["eval", "report", str(saved)]) == 0
    assert capsys.readouterr().out == printed
    report = json.loads(saved.read_text())
    for word in (
        "## Own rows",
        report["command"],
        "model-x",
        "seed 0",
        report["data"]["sha256"][:12],
    ):
        assert word in printed
    lines = [json.loads(line) for line in rows.read_text().splitlines()]
    assert len(lines) == 6 * 4
    assert {line["answer"] for line in lines} == {"four minutes"}


@pytest.mark.usefixtures("key")
def test_the_plan_asks_nobody(endpoint: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    more = ("--model", "gpt-5-mini", "--plan")
    assert headroom(["eval", "run", *asking(endpoint, *more)]) == 0
    plan = capsys.readouterr().out
    assert plan.startswith("18 requests (0 more are answered already)")
    assert "$" in plan
    assert endpoint.heads == []


# arguments, what is said
MISTAKES = [
    (("run", "squat"), "did you mean `squad`?"),
    (("run", "squad"), "headroom eval fetch squad"),
    (("run", "agent"), "--data FILE"),
    (("run", "squad", "--data", "/nowhere.json"), "there is no /nowhere.json"),
    (("run", "squad", "--data", SQUAD, "--level", "hard"), "unknown level `hard`"),
    (("run", "squad", "--data", SQUAD, "--reader", "oracle"), "no reader `oracle`"),
    (("run", "squad", "--data", SQUAD, "--base-url", "nowhere", "--model", "m"), "no base URL"),
    (("run", "squad", "--data", SQUAD, "--model", "gpt-5"), "OPENAI_API_KEY is not set"),
    (("run", "squad", "--data", SQUAD, "--model", "claude-x"), "ANTHROPIC_API_KEY is not set"),
    (("run", "squad", "--data", SQUAD, "--base-url", "http://x.invalid"), "--model NAME"),
    (("run", "squad", "--data", SQUAD, "--gguf", "/no.gguf"), "there is no model file /no.gguf"),
    (("run", "squad", "--data", SQUAD, "--gguf", "a", "--base-url", "http://b"), "exclude"),
    (("run", "needle", "--model", "gpt-5"), "`needle` asks nobody"),
    (("run", "gsm8k", "--data", str(DATA / "gsm8k.jsonl"), "--among", "3"), "mixes no passages"),
    (("fetch", "agent"), "has no public file"),
    (("report", SQUAD), "this is no report"),
    (("report", "/nowhere.json"), "cannot read /nowhere.json"),
]


@pytest.mark.parametrize(("arguments", "said"), MISTAKES)
def test_a_mistake_is_named(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    assert said in failed(capsys, *arguments)
