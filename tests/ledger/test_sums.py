"""The running sums say what the rows say: when written, after a rebuild, from many writers."""

from __future__ import annotations

import multiprocessing
import time

import pytest

from headroom_wrap import ledger
from headroom_wrap.ledger import Row, Shown, sums
from headroom_wrap.ledger.total import FIELDS, Total, counted, counts, total
from headroom_wrap.store import WHOLE, Batch, Store
from headroom_wrap.types import Usage

DAY = 86400.0
START = 1_790_000_000.0


def row(at: float = START, session: str = "one", **changes: object) -> Row:
    base = Row(
        at=at,
        session=session,
        agent="claude",
        project="/p",
        wire="anthropic",
        model="claude-sonnet-4-5",
        status=200,
        blocks=2,
        new_before=1000,
        new_after=200,
        old_before=500,
        old_after=400,
        new=[Shown("h", "Bash", "ls", "listing", "shortened", 1000, 200)],
        usage=Usage(10, 20_000, 300, 0, 50),
    )
    return ledger.replace(base, **changes)


def put(store: Store, *rows: Row) -> None:
    batch = Batch()
    for each in rows:
        ledger.append(batch, each)
    store.write(batch)


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "store")
    yield store
    store.close()


def same(one: Total, other: Total) -> bool:
    return all(getattr(one, n) == pytest.approx(getattr(other, n)) for n in FIELDS)


def test_sums_are_what_the_rows_add_up_to(store):
    rows = [
        row(),
        row(at=START + 5, status=429),
        row(at=START + DAY, session="two", model="gpt-5.5", agent="codex"),
        row(at=START + DAY + 1, session="two", model="unheard of", usage=None),
    ]
    put(store, *rows)
    assert same(sums.ever(store, "all")[""], total(rows))
    assert same(sums.session(store, "two")[0], total(rows[2:]))
    assert same(sums.since(store, "all", START + DAY - 900)[""], total(rows[2:]))
    assert set(sums.ever(store, "model")) == {"claude-sonnet-4-5", "gpt-5.5", "unheard of"}
    assert sums.ever(store, "tool")["Bash"].results == 4
    assert sums.ever(store, "session tool", "one")["Bash"].first_before == 2000
    assert [at for at, _, _ in sums.quarters(store, "all", START + 900)] == [
        (START + DAY) // 900 * 900
    ]


def test_what_was_only_observed_is_counted_apart(store):
    put(store, row(), row(session="seen", observed=True))
    assert sums.ever(store, "all")[""].requests == 1
    assert sums.ever(store, "all", observed=True)[""].requests == 1
    assert sums.session(store, "seen")[1]
    assert sums.sessions(store)["seen"].observed


def test_one_session_is_not_another_whose_name_begins_the_same(store):
    put(store, row(session="a"), row(session="ab"), row(session="a\0b"))
    assert sums.session(store, "a")[0].requests == 1
    assert sums.ever(store, "session tool", "a")["Bash"].results == 1


@pytest.mark.parametrize("label", ["", "x" * 3000, "日本語", "\ud800", "a\0b", "🎉"])
def test_any_name_can_be_counted(store, label):
    shown = Shown("h", label, label, label, "shortened", 10, 5)
    rows = [row(session=label, project=label, model=label, agent=label, new=[shown])]
    put(store, *rows, *rows)
    assert sums.session(store, label.replace("\ud800", "?"))[0].requests == 2
    assert next(iter(sums.ever(store, "project").values())).requests == 2
    assert next(iter(sums.ever(store, "tool").values())).results == 2


def test_two_long_names_stay_two(store):
    put(store, row(project="/p" * 400 + "1"), row(project="/p" * 400 + "2"))
    assert [each.requests for each in sums.ever(store, "project").values()] == [1, 1]


def test_rows_older_than_the_sums_are_added_up_once(store):
    rows = [row(at=START + n) for n in range(30)]
    put(store, *rows)
    with_sums = dict(store.scan("sums"))
    store.delete("sums", list(with_sums))
    put(store, row(at=START + 99))
    assert not sums.whole(store)
    sums.rebuild(store)
    assert sums.whole(store)
    assert same(sums.ever(store, "all")[""], total([*rows, row()]))
    assert set(with_sums) <= set(dict(store.scan("sums")))


def test_a_row_that_comes_during_the_rebuild_is_counted(store, monkeypatch):
    put(store, *[row(at=START + n) for n in range(5)])
    store.delete("sums", [WHOLE])
    recount = store.recount
    late = iter([row(at=START - 60), row(at=START + 60)])

    def interrupted(*arguments):
        for each in late:
            put(store, each)
        return recount(*arguments)

    monkeypatch.setattr(store, "recount", interrupted)
    sums.rebuild(store)
    assert sums.ever(store, "all")[""].requests == 7


def test_what_cannot_be_read_is_passed_over(store):
    put(store, row())
    batch = Batch()
    batch.put("ledger", b"\0" * 12, b"not msgpack")
    batch.put("sums", sums.key("model", 0, "broken"), b"123")
    batch.put("sums", b"F1broken", b"\xc1")
    store.write(batch)
    sums.rebuild(store)
    assert sums.ever(store, "all")[""].requests == 1
    assert list(sums.sessions(store)) == ["one"]


def _write(folder, name):
    store = Store(folder)
    for n in range(50):
        put(store, row(at=time.time(), session=f"{name}{n % 3}"))
    store.close()


def test_processes_that_write_at_once_lose_nothing(tmp_path):
    Store(tmp_path / "store").close()
    context = multiprocessing.get_context("spawn")
    others = [
        context.Process(target=_write, args=(tmp_path / "store", name)) for name in ("a", "b", "c")
    ]
    for process in others:
        process.start()
    for process in others:
        process.join()
    store = Store(tmp_path / "store", readonly=True)
    assert sums.ever(store, "all")[""].requests == 150
    assert sum(t.requests for t in sums.ever(store, "session").values()) == 150
    store.close()


def test_a_reader_may_come_before_anything_was_counted(tmp_path):
    Store(tmp_path / "store").close()
    store = Store(tmp_path / "store", readonly=True)
    assert sums.whole(store)
    assert sums.ever(store, "all") == {}
    assert sums.sessions(store) == {}
    store.close()


def test_side_questions_do_not_hide_a_sessions_context(store):
    main, title = row(), row(at=START + 9, model="claude-haiku-4-5", blocks=0, usage=Usage(300))
    put(store, main, title)
    facts = sums.sessions(store)["one"]
    assert (facts.model, facts.context, facts.at) == ("claude-sonnet-4-5", 20_310, START + 9)


def test_numbers_of_another_layout_count_for_nothing():
    assert counted((1.0, 2.0)) == Total()
    assert counted(counts(total([row()]))) == total([row()])


@pytest.mark.parametrize(
    ("changes", "lost"),
    [
        ({}, 0.0),
        # 200 tokens fetched again, at the price of writing them to the cache.
        (
            {"new": [Shown("h", "Bash", "ls", "", "kept: asked for again", 200, 200)]},
            200 * 3.75 / 1e6,
        ),
        # 110 tokens more than the new results were written, which would have been read.
        ({"broken": 1}, 110 * (3.75 - 0.3) / 1e6),
    ],
)
def test_what_we_cost_is_taken_off(changes, lost):
    found = total([row(**changes)])
    assert found.lost == pytest.approx(lost)
    assert found.net == pytest.approx(found.saved - lost)
