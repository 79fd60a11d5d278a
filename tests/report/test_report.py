"""`headroom perf` and `headroom inspect`, from the command line to what is printed."""

from __future__ import annotations

import csv
import io
import json
import re
import time

import pytest
from rich.cells import cell_len

from headroom_wrap import cli, ledger, policy
from headroom_wrap.ledger import Shown
from headroom_wrap.ledger.total import Total, total
from headroom_wrap.pipeline.verdict import Verdict, encode, pack
from headroom_wrap.report import exit_line, page, period, results
from headroom_wrap.report.results import Texts
from headroom_wrap.secret import Cipher
from headroom_wrap.store import FORMAT, Batch, Store
from headroom_wrap.types import Origin
from tests.dashboard.session import run as run_session
from tests.ledger.test_sums import put, row

HOSTILE = "<script>alert(1)</script>&\"'\x1b[31m\u202e日本語🎉"
DAY = 86400.0


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HEADROOM_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def rows(home):
    """Three days of two agents, one of them with names that are out to hurt."""
    now = time.time()
    found = [
        row(at=now - DAY * (n % 3), session=f"s{n % 2}", agent=("claude", HOSTILE)[n % 2])
        for n in range(12)
    ]
    hurting = Shown("h", HOSTILE, HOSTILE, HOSTILE, "shortened", 100, 50)
    found.append(row(at=now, project=HOSTILE, model=HOSTILE, new=[hurting], broken=1))
    found.append(row(at=now - 40 * DAY))
    store = Store(home / "data" / "store")
    put(store, *found)
    put(store, row(at=now, session="seen", observed=True))
    store.close()
    return found


def said(capsys, *arguments: str) -> str:
    assert cli.run(list(arguments)) == 0
    return capsys.readouterr().out


def test_json_adds_up_to_the_rows(rows, capsys):
    facts = json.loads(said(capsys, "perf", "--since", "all", "--json"))
    expected = total(rows)
    assert facts["total"]["requests"] == len(rows)
    assert facts["total"]["tokens_saved"] == expected.tokens_saved
    assert facts["total"]["net_usd"] == pytest.approx(expected.net, abs=1e-6)
    assert facts["total"]["without_usd"] == pytest.approx(expected.billed + expected.net, abs=1e-5)
    for column in ("day", "agent", "project", "model"):
        assert sum(each["requests"] for each in facts["by"][column]) == len(rows), column
    for column in ("tool", "compressor"):
        assert sum(each["results"] for each in facts["by"][column]) == len(rows), column


@pytest.mark.parametrize(("since", "number"), [("7d", 13), ("30d", 13), ("all", 14), ("1h", 5)])
def test_a_period(rows, capsys, since, number):
    facts = json.loads(said(capsys, "perf", "--since", since, "--json", "--by", "agent"))
    assert facts["total"]["requests"] == number
    assert list(facts["by"]) == ["agent"]


def test_observed_sessions_are_asked_for(rows, capsys):
    facts = json.loads(said(capsys, "perf", "--observed", "--json"))
    assert (facts["observed"], facts["total"]["requests"]) == (True, 1)
    assert "would save" in said(capsys, "perf", "--observed")


def test_csv_is_one_table(rows, capsys):
    table = list(csv.DictReader(io.StringIO(said(capsys, "perf", "--csv"))))
    assert {each["by"] for each in table} == {
        "day",
        "agent",
        "project",
        "model",
        "tool",
        "compressor",
    }
    assert HOSTILE in {each["value"] for each in table}
    assert all(None not in each for each in table)


@pytest.mark.parametrize("width", [40, 60, 80, 117, 118, 200])
def test_it_fits_every_terminal(rows, capsys, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    for line in said(capsys, "perf").splitlines():
        assert cell_len(line) <= width, line
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202e]", line), line


def test_it_says_what_is_estimated_and_what_broke(rows, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    text = said(capsys, "perf")
    assert "1 PREFIX BREAK" in text
    assert "estimate" in text
    assert "1 requests have no known price" in text


def test_one_line_for_a_prompt(rows, capsys):
    line = said(capsys, "perf", "--line")
    assert re.fullmatch(r"▼ \S+ tokens · \d+ % · \$[\d.]+ · cache \d+ % · ! 1 prefix break\n", line)


def test_the_page_is_one_file_and_no_name_is_markup(rows, capsys, home):
    file = home / "page.html"
    assert cli.run(["perf", "--html", str(file)]) == 0
    text = file.read_text("utf-8")
    assert "&lt;script&gt;" in text
    assert not re.search(r"<(script|link|img|iframe)|https?:|url\(|@import", text)
    assert len(re.findall(r"<svg ", text)) == 3
    assert said(capsys, "perf", "--html", "-").startswith("<!doctype html>")


def test_a_page_that_cannot_be_written(rows, capsys, home):
    assert cli.run(["perf", "--html", str(home / "none" / "page.html")]) == 1
    assert "cannot write" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["perf"], ["perf", "--json"], ["perf", "--csv"]])
def test_nothing_in_the_ledger(home, capsys, arguments):
    text = said(capsys, *arguments)
    assert "none in this period" in text or '"requests": 0' in text or text.startswith("by,")
    assert "headroom wrap claude" in said(capsys, "perf", "--since", "all")
    assert "headroom wrap claude" in said(capsys, "perf", "--html", "-")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["--since", "yesterday"], "7d, 12h, today"),
        (["--since", ""], "7d, 12h, today"),
        (["--since", "٣d"], "7d, 12h, today"),
        (["--by", "colour"], "one of day, agent"),
    ],
)
def test_a_mistake_is_answered_with_the_next_step(home, capsys, arguments, hint):
    assert cli.run(["perf", *arguments]) == 2
    assert hint in capsys.readouterr().err


def test_sums_are_added_up_again_when_asked_or_needed(rows, capsys, home):
    store = Store(home / "data" / "store")
    store.delete("sums", [key for key, _ in store.scan("sums")])
    store.close()
    for arguments in (["perf"], ["perf", "--recount"]):
        facts = json.loads(said(capsys, *arguments, "--since", "all", "--json"))
        assert facts["total"]["requests"] == len(rows)


@pytest.mark.parametrize("hours", [0.5, 5, 47, 24 * 8, 24 * 91, 24 * 400, 24 * 365 * 30])
def test_every_time_lies_in_one_of_the_steps(hours):
    last = 1_790_000_000.0
    first = last - hours * 3600
    _, label, labels = period.steps(first, last)
    assert labels == sorted(labels)
    assert len(labels) <= 401
    times = [last - n * (last - first) / 99 for n in range(100)]
    assert {label(at) for at in times if label(at) >= labels[0]} <= set(labels)


def test_steps_of_a_page_with_one_request(home, capsys):
    store = Store(home / "data" / "store")
    put(store, row(at=time.time()))
    store.close()
    assert said(capsys, "perf", "--html", "-").count("<rect") >= 2
    assert page.rendered


def test_inspect_tells_what_was_done_and_why(home, capsys):
    run_session(home / "data" / "store", "shop", steps=6)
    text = said(capsys, "inspect")
    assert "session shop · claude · /srv/shop · 7 requests" in text
    assert "text of a file, which the agent may edit" in text
    assert "similar lines" not in text
    text = said(capsys, "inspect", "--request", "3")
    assert "docker logs shop-api-1" in text
    assert "+[… 95 similar lines]" in text
    assert "ERROR api.pay card_declined" in text
    assert "more lines left out (--full shows them)" in text
    assert "orders/4021" in said(capsys, "inspect", "--request", "3", "--full")


def test_inspect_finds_a_result_by_its_hash(home, capsys):
    run_session(home / "data" / "store", "shop", steps=3)
    facts = json.loads(said(capsys, "inspect", "--json"))
    shown = facts["requests"][2]["results"][0]
    again = json.loads(said(capsys, "inspect", "--block", shown["hash"][:8], "--json"))
    assert [each["number"] for each in again["requests"]] == [3]
    assert any("similar lines" in line for line in again["requests"][0]["results"][0]["diff"])


def test_what_is_redacted_says_nothing_of_what_was_done(home, capsys):
    run_session(home / "data" / "store", "shop", project="/srv/secret", steps=6)
    for arguments in (["--redact"], ["--redact", "--json"], ["--redact", "--request", "3"]):
        text = said(capsys, "inspect", *arguments)
        for word in ("secret", "docker", "billing", "pytest", "list_orders", "similar", "card"):
            assert word not in text, word
        assert "testrun" in text or "log" in text


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["--request", "99"], "no request '99'"),
        (["--request", "0"], "no request '0'"),
        (["--session", "zzz"], "no session 'zzz'"),
        (["--session", "s"], "2 sessions begin with 's'"),
        (["--block", "ffff"], "has no result 'ffff'"),
    ],
)
def test_inspect_of_what_is_not_there(home, capsys, arguments, what):
    run_session(home / "data" / "store", "shop", steps=1)
    run_session(home / "data" / "store", "ship", steps=1)
    assert cli.run(["inspect", *arguments]) == 1
    assert what in capsys.readouterr().err


def test_inspect_without_a_ledger(home, capsys):
    assert cli.run(["inspect"]) == 1
    assert "headroom wrap claude" in capsys.readouterr().err


def test_inspect_of_hostile_names_and_a_break(home, capsys, monkeypatch):
    store = Store(home / "data" / "store")
    hurting = Shown("h", HOSTILE, f"{HOSTILE}\n\r\0", HOSTILE, HOSTILE, 100, 50)
    put(store, row(session=HOSTILE, agent=HOSTILE, new=[hurting], broken=2, cold=True, usage=None))
    store.close()
    text = said(capsys, "inspect", "--request", "last")
    assert "PREFIX BREAK" in text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)


def test_once_and_json_of_the_dashboard(home, capsys):
    assert "No requests yet" in said(capsys, "dashboard", "--once")
    run_session(home / "data" / "store", "shop", steps=4)
    assert "docker logs" in said(capsys, "dashboard")
    facts = json.loads(said(capsys, "dashboard", "--json"))
    assert facts["all"]["requests"] == 5
    assert facts["sessions"][0]["project"] == "/srv/shop"
    name = facts["sessions"][0]["session"]
    one = json.loads(said(capsys, "dashboard", "--json", "--session", name[:3]))
    assert one["session"]["requests"] == 5
    assert cli.run(["dashboard", "--once", "--session", "nobody"]) == 1
    assert "no session 'nobody'" in capsys.readouterr().err


def test_rows_without_sums_are_shown_while_they_are_added_up(home, capsys):
    from headroom_wrap.dashboard.source import Source

    run_session(home / "data" / "store", "shop", steps=4)
    store = Store(home / "data" / "store")
    store.delete("sums", [key for key, _ in store.scan("sums")])
    store.close()
    source = Source(home / "data" / "store")
    assert len(source.read().rows) == 5
    source._counter.join()
    assert source.read().ever.requests == 5
    source.close()


def test_every_row_the_pipeline_writes_is_in_the_sums(home):
    from headroom_wrap.ledger import sums

    run_session(home / "data" / "store", "shop", steps=12)
    store = Store(home / "data" / "store", readonly=True)
    assert sums.whole(store)
    assert sums.ever(store, "all")[""].tokens_saved == total(ledger.rows(store)).tokens_saved
    store.close()


def test_the_exit_line_of_a_session_without_results():
    assert exit_line(Total(requests=1)) == "headroom: 1 request · no tool results to shorten"
    refused = exit_line(Total(requests=2, refused=1))
    assert refused.startswith("headroom: 2 requests (1 refused or not answered) · ")


@pytest.mark.parametrize(("observed", "offered"), [(False, True), (True, False)])
def test_the_exit_line_offers_originals_where_some_are_kept(observed, offered):
    line = exit_line(total([row()]), observed=observed, where="headroom get HASH")
    assert ("headroom get HASH" in line) is offered


@pytest.mark.parametrize(
    "reason", [getattr(policy, name) for name in dir(policy) if name.startswith(("KEPT_", "SHORT"))]
)
def test_every_reason_is_explained(reason):
    if isinstance(reason, str):
        shown = Shown("h", "Bash", "ls", "", reason, 300, 300)
        assert results.explained(shown) != reason


def test_texts_that_cannot_be_read_are_not_there(home):
    folder = home / "store"
    batch = Batch()
    name = batch.put_original("kept\n" * 50, Origin("Bash", "ls"))
    found = Verdict(name, policy.SHORTENED, "log", 100, 50, pack("shorter"))
    batch.put("verdicts", b"k" * 16, encode(found))
    batch.put("verdicts", b"d" * 16, b"damaged: " + name.encode())
    store = Store(folder, cipher=Cipher(bytes(32)))
    store.write(batch)
    shown = Shown(name, "Bash", "ls", "log", policy.SHORTENED, 100, 50)
    assert results.texts(store, shown) == Texts("kept\n" * 50, "shorter")
    store.close()
    store = Store(folder, readonly=True)
    assert results.texts(store, shown) == Texts(None, None)
    store.close()


def test_the_dashboard_goes_on_saying_what_is_wrong_with_a_store(home):
    from headroom_wrap.dashboard.source import Source

    store = Store(home / "store")
    batch = Batch()
    batch.put("meta", b"format", bytes([FORMAT + 1]))
    store.write(batch)
    store.close()
    source = Source(home / "store")
    first = source.version()
    for _ in range(2):
        assert "newer headroom" in source.read().problem
        assert source.version() == first
    source.close()
