"""Bodies that nobody can shorten arrive byte for byte; the agent gets the model's own answer."""

from __future__ import annotations

import gzip
import json

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard

from headroom_wrap import marker
from tests.proxy_faults.bodies import LONG, SOUND, UNTOUCHED, conversation, shortenable
from tests.proxy_faults.conftest import Ask, Bench


def test_broken_bodies_arrive_as_they_were_sent(bench: Bench) -> None:
    done = bench.send(*(Ask(body) for body in UNTOUCHED.values()))
    assert done.code == 0, done.err
    arrived = dict(zip(UNTOUCHED, bench.seen, strict=True))
    for name, body in UNTOUCHED.items():
        assert arrived[name].wire == body, name
    for name, answer in zip(UNTOUCHED, done.answers, strict=True):
        assert answer.status == arrived[name].facts["status"], name


def test_a_sound_body_is_shortened_here_too(bench: Bench) -> None:
    done = bench.send(Ask(LONG))
    assert done.answers[0].status == 200, done.err
    [arrived] = bench.seen
    assert len(arrived.body) < 0.8 * len(LONG)
    assert marker.hashes(arrived.json["messages"][-1]["content"][0]["content"])


@pytest.mark.parametrize("path", ["/v1/unknown", "/", "/v1/messages/batches", "/v1/files?x=%00"])
def test_unknown_endpoints_pass(bench: Bench, path: str) -> None:
    done = bench.send(Ask(LONG, path=path), Ask(LONG, path=path, method="PUT"))
    assert [answer.status for answer in done.answers] == [404, 404]
    assert [(seen.facts["path"], seen.wire) for seen in bench.seen] == [(path, LONG)] * 2


def test_fifty_megabytes_pass(bench: Bench) -> None:
    body = conversation("x" * 50_000_000)
    done = bench.send(Ask(body))
    assert done.answers[0].status == 200, done.err
    assert bench.seen[0].wire == body


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("zstd", zstandard.ZstdCompressor().compress),
        ("br", brotli.compress),
    ],
)
def test_packed_bodies_stay_packed_and_sound(bench: Bench, coding: str, pack: object) -> None:
    assert callable(pack)
    headers = {"content-encoding": coding}
    small, long = pack(SOUND), pack(LONG)
    cut = long[: len(long) // 2]
    done = bench.send(*(Ask(body, headers=headers) for body in (small, long, cut)))
    assert done.code == 0, done.err
    first, second, third = bench.seen
    assert first.wire == small
    assert json.loads(second.body)["messages"][0] == json.loads(LONG)["messages"][0]
    assert second.wire == long or dict(second.facts["headers"])["content-encoding"] == coding
    assert third.wire == cut


def test_a_packed_answer_reaches_the_agent_as_sent(bench: Bench) -> None:
    done = bench.send(Ask(SOUND, headers={"x-fault": "gzip", "accept-encoding": "gzip"}))
    [answer] = done.answers
    assert answer.headers["content-encoding"] == "gzip"
    assert b"message_stop" in gzip.decompress(answer.body)


def test_twenty_sessions_in_parallel(bench: Bench) -> None:
    body = conversation(shortenable(), shortenable(), prompt="go [[S: text a | text fine]]")
    done = bench.send(*[Ask(body)] * 20, parallel=20)
    assert [answer.status for answer in done.answers] == [200] * 20, done.err
    assert len({seen.body for seen in bench.seen}) == 1
