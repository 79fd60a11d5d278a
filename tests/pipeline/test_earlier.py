"""What is known of earlier requests makes the next one quicker, and nothing else."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from headroom_wrap import prefix
from headroom_wrap.pipeline import Judge, Pipeline, Shortened, Situation
from headroom_wrap.pipeline.earlier import Earlier, Request
from headroom_wrap.store import Store
from tests.pipeline.talk import HOST, PATH, Talk, code, log


def talked(prompt: str, results: int, size: int = 30) -> Talk:
    talk = Talk(prompt)
    for number in range(results):
        talk.result(log(size, f"{prompt}{number}"), command="journalctl")
    return talk


def came(earlier: Earlier, talk: Talk) -> Request:
    """A request of the conversation, remembered as the pipeline does."""
    request = earlier.begin(HOST, PATH, talk.body())
    assert request is not None
    links = prefix.chain(request.reading.body, request.reading.turn, {}, request.links)
    earlier.keep(replace(request, links=links))
    return request


def test_a_conversation_is_known_up_to_its_last_message():
    earlier, talk = Earlier(), talked("one", 5)
    assert came(earlier, talk).reading.kept == 0
    before = len(talk.messages)
    talk.result("fine", command="true")
    again = came(earlier, talk)
    assert again.reading.kept == before - 1
    assert len(again.links) == before - 1


def test_branches_of_a_conversation_are_known_side_by_side():
    earlier, trunk = Earlier(), talked("one", 12)
    came(earlier, trunk)
    branch = talked("one", 12)
    del branch.messages[5:]
    branch.result(log(20, "elsewhere"), command="journalctl")
    assert came(earlier, branch).reading.kept == 4
    for talk in (trunk, branch, trunk, branch):
        assert came(earlier, talk).reading.kept == len(talk.messages) - 1


def test_what_is_remembered_is_bounded():
    earlier = Earlier()
    talks = [talked(f"p{number}", 4, 20_000) for number in range(6)]
    size = sum(len(talk.body()) for talk in talks)
    assert size > 18 << 20
    for talk in talks:
        came(earlier, talk)
    known = [len(t.body()) for t in talks if earlier.begin(HOST, PATH, t.body()).reading.kept]
    assert 6 << 20 < sum(known) <= 16 << 20
    assert earlier.begin(HOST, PATH, talks[-1].body()).reading.kept


def test_another_model_has_a_chain_of_its_own():
    earlier, talk = Earlier(), talked("one", 3)
    came(earlier, talk)
    body = talk.body().replace(b"claude-opus-4-8", b"claude-opus-4-9")
    tail = body.replace(b'"model": "claude-opus-4-9", ', b"")[:-1] + b', "model": "n"}'
    for other in (body, tail):
        request = earlier.begin(HOST, PATH, other)
        assert not request.links


@pytest.mark.parametrize("observe", [False, True])
def test_many_at_once_are_sent_as_one_after_the_other(tmp_path, observe):
    """Conversations that grow at the same time over one pipeline, and alone over fresh ones."""
    store = Store(tmp_path / "store", durable=False)
    situation = Situation("s", "claude", "/p", observe)
    shared = Pipeline(store, Judge(), situation)
    sent: dict[str, list[Shortened]] = {}

    def run(prompt: str) -> None:
        talk, mine = Talk(prompt), sent.setdefault(prompt, [])
        for number in range(6):
            talk.result(log(90, f"{prompt}{number % 2}"), command=f"journalctl {number}")
            talk.result(code(60, number), tool="Read", file_path="a.py")
            mine.append(talk.send(shared))

    threads = [threading.Thread(target=run, args=(f"p{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for prompt, mine in sent.items():
        talk = Talk(prompt)
        for number, found in enumerate(mine):
            talk.result(log(90, f"{prompt}{number % 2}"), command=f"journalctl {number}")
            talk.result(code(60, number), tool="Read", file_path="a.py")
            alone = talk.send(Pipeline(store, Judge(), situation))
            assert (found.body, found.changed) == (alone.body, alone.changed)
            assert found.changed is not observe
            assert found.record is not None
            assert alone.record is not None
            assert (found.record.end, found.record.row.broken) == (alone.record.end, 0)
    store.close()
