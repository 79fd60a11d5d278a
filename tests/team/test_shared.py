"""Replicas behind a balancer: the same bytes whichever is asked, and nothing lost without Redis."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from headroom_wrap import marker
from headroom_wrap.store import Batch
from tests.pipeline.talk import Talk, log
from tests.team import servers
from tests.team.replicas import replica, replicas
from tests.team.servers import Fleet, until

ORIGINAL = log(400)


def grown(talk: Talk, turn: int) -> str:
    text = log(300 + turn, f"request-{turn}")
    talk.result(text, command=f"./serve {turn}")
    return text


def results(body: bytes) -> list[str]:
    found = []
    for message in json.loads(body)["messages"]:
        if isinstance(message["content"], list):
            found += [b["content"] for b in message["content"] if b["type"] == "tool_result"]
    return found


def names(body: bytes) -> list[str]:
    return [name for text in results(body) for name in marker.hashes(text)]


@pytest.mark.parametrize("kind", ["alone", "cluster", "watched"])
def test_whichever_replica_is_asked_the_bytes_are_the_same(
    program: str, tmp_path: Path, kind: str
) -> None:
    with getattr(servers, kind)(tmp_path / "redis") as fleet:
        with replicas(tmp_path, fleet.url) as three:
            talk, before = Talk(), []
            for turn in range(6):
                grown(talk, turn)
                sent = results(three[turn % 3].sent(talk))
                assert sent[: len(before)] == before
                assert len(sent[-1]) < 2000
                before = sent
            everywhere = {each.sent(talk) for each in three}
            assert len(everywhere) == 1
            (sent_last,) = everywhere
        for each in names(sent_last):
            with replica(tmp_path / "new", fleet.url) as fresh:
                found = fresh.store.original(each)
                assert found is not None
                assert found.text.startswith("2026-11-25T03:00:00Z INFO handled request-")


def test_of_two_verdicts_the_first_stands(fleet: Fleet, tmp_path: Path) -> None:
    with replicas(tmp_path, fleet.url, 2) as (one, other):
        talk = Talk()
        grown(talk, 0)
        # Another level, as while a new setting is rolled out.
        other.pipeline.judge = type(other.pipeline.judge)(level="exact")
        first = one.sent(talk)
        assert other.sent(talk) == first


def test_of_two_that_judge_at_once_the_first_is_right(fleet: Fleet, tmp_path: Path) -> None:
    key = b"k" * 16
    with replicas(tmp_path, fleet.url, 2) as (one, other):
        for each, verdict in ((one, b"first"), (other, b"second")):
            batch = Batch()
            batch.put("verdicts", key, verdict)
            standing = each.store.write(batch)
            assert standing == ({} if verdict == b"first" else {key: b"first"})
            assert each.store.get("verdicts", key) == b"first"


def test_what_was_decided_alone_gives_way_to_what_stood_first(fleet: Fleet, tmp_path: Path) -> None:
    talk = Talk()
    with replica(tmp_path / "one", fleet.url) as one:
        fleet.servers[0].stop()
        grown(talk, 0)
        alone = one.sent(talk)
    fleet.servers[0].start()
    with replica(tmp_path / "other", fleet.url) as other:
        folded = other.sent(talk)
        assert folded != alone
    with replica(tmp_path / "one", fleet.url) as again:
        assert again.sent_anyhow(talk) == folded


def test_without_redis_only_what_needs_no_original(fleet: Fleet, tmp_path: Path) -> None:
    with replicas(tmp_path, fleet.url) as three:
        one, other, third = three
        talk = Talk()
        grown(talk, 0)
        folded = results(one.sent(talk))[0]
        assert results(other.sent(talk)) == results(third.sent(talk)) == [folded]
        fleet.servers[0].stop()

        text = grown(talk, 1)
        away = results(one.sent(talk))
        assert away[0] == folded
        assert "lines folded" not in away[1]
        # All of them, again and again, whoever saw it first.
        assert results(other.sent(talk)) == results(third.sent(talk)) == away
        assert one.store.away
        grown(talk, 2)
        later = results(third.sent(talk))
        assert later[:2] == away

        fleet.servers[0].start()
        for each in three:
            each.back()
        for each in (other, one, third):
            assert results(each.sent(talk))[:3] == later
        grown(talk, 3)
        assert "lines folded" in results(other.sent(talk))[3]
        with replica(tmp_path / "new", fleet.url) as fresh:
            assert results(fresh.sent(talk))[:3] == later
            for name in names(away[1].encode() and fresh.sent(talk)):
                assert fresh.store.original(name) is not None
            assert any(fresh.store.original(n).text == text for n in names(fresh.sent(talk)))


def test_a_redis_that_lost_all_is_given_it_again(fleet: Fleet, tmp_path: Path) -> None:
    with replica(tmp_path / "r0", fleet.url) as one:
        talk = Talk()
        grown(talk, 0)
        sent = one.sent(talk)
        fleet.servers[0].client().flushall()
    with replica(tmp_path / "r0", fleet.url) as again:
        assert again.sent(talk) == sent
    with replica(tmp_path / "new", fleet.url) as fresh:
        assert fresh.sent(talk) == sent
        assert all(fresh.store.original(name) for name in names(sent))


def test_a_full_redis_is_as_good_as_none(program: str, tmp_path: Path) -> None:
    with (
        servers.alone(tmp_path / "redis", "maxmemory 1", "maxmemory-policy noeviction") as fleet,
        replica(tmp_path / "one", fleet.url) as one,
    ):
        talk = Talk()
        grown(talk, 0)
        assert "lines folded" not in results(one.sent(talk))[0]
        fleet.servers[0].client().config_set("maxmemory", 0)
        one.back()
        grown(talk, 1)
        assert "lines folded" in results(one.sent(talk))[1]


def test_when_redis_comes_up_later_nobody_has_waited(program: str, tmp_path: Path) -> None:
    server = servers.Server(tmp_path / "redis", servers.free_port())
    with replica(tmp_path / "one", f"redis://127.0.0.1:{server.port}") as one:
        talk = Talk()
        grown(talk, 0)
        sent = one.sent(talk)
        assert "lines folded" not in results(sent)[0]
        try:
            server.start()
            one.back()
            until(lambda: server.client().dbsize() > 3)
            assert one.sent(talk) == sent
        finally:
            server.stop()


def test_a_node_of_a_cluster_dies_under_load(program: str, tmp_path: Path) -> None:
    with (
        servers.cluster(tmp_path / "redis") as fleet,
        replicas(tmp_path, fleet.url) as three,
    ):
        talks = [Talk(f"Task {n}") for n in range(4)]
        before: dict[int, list[str]] = {n: [] for n in range(4)}

        def turn(number: int, check: bool) -> None:
            for n, talk in enumerate(talks):
                grown(talk, number)
                sent = results(three[(number + n) % 3].sent_anyhow(talk))
                assert not check or sent[: len(before[n])] == before[n]
                before[n] = sent

        for number in range(3):
            turn(number, check=True)
            # All know of it before the node dies: a balancer that keeps to one replica.
            for replica_ in three:
                for talk in talks:
                    replica_.sent(talk)
        fleet.servers[1].stop()
        for number in range(3, 6):
            turn(number, check=True)
        fleet.servers[1].start()
        for each in three:
            each.back()
        for number in range(6, 8):
            turn(number, check=True)
        assert all("lines folded" in sent[-1] for sent in before.values())
        for n, talk in enumerate(talks):
            assert {each.sent_anyhow(talk) for each in three} == {three[0].sent_anyhow(talk)}
            for name in names(three[0].sent_anyhow(talk)):
                assert all(each.store.original(name) for each in three), (n, name)


def test_a_sentinel_leads_to_the_new_master(program: str, tmp_path: Path) -> None:
    with (
        servers.watched(tmp_path / "redis") as fleet,
        replica(tmp_path / "one", fleet.url) as one,
    ):
        talk = Talk()
        grown(talk, 0)
        folded = one.sent(talk)
        until(lambda: fleet.servers[1].client().dbsize() > 3)
        fleet.servers[0].stop()
        grown(talk, 1)
        one.sent(talk)
        one.back()
        grown(talk, 2)
        assert results(one.sent(talk))[0] == results(folded)[0]
        assert "lines folded" in results(one.sent(talk))[2]
        with replica(tmp_path / "new", fleet.url) as fresh:
            assert fresh.sent(talk) == one.sent(talk)


def test_what_one_tenant_stores_no_other_finds(fleet: Fleet, tmp_path: Path) -> None:
    with (
        replica(tmp_path / "a", fleet.url, "a" * 32) as one,
        replica(tmp_path / "b", fleet.url, "b" * 32) as other,
    ):
        talk = Talk()
        grown(talk, 0)
        (name,) = names(one.sent(talk))
        assert one.store.original(name)
        assert other.store.original(name) is None
