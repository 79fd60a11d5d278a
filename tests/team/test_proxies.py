"""Three proxies over one Redis, asked in turn, as a balancer does."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from headroom_wrap import marker
from headroom_wrap.team import tenants
from tests.gateway.ask import get, post
from tests.gateway.running import HOSTS, Gateway, gateway
from tests.library import talk
from tests.team.servers import Fleet, until

ANNA, BERT = {"x-api-key": "sk-anna"}, {"x-api-key": "sk-bert"}
CLAUDE = {"model": "claude-opus-4-8", "max_tokens": 99}


@pytest.fixture
def three(fleet: Fleet, tmp_path: Path) -> Iterator[list[Gateway]]:
    """Machines of their own, but for the Redis and the model behind them."""
    options = ("--retrieve", "inject")
    environ = {"HEADROOM_STORE": fleet.url, "HEADROOM_TENANTS": "key", "HEADROOM_KEY": "a word"}
    with contextlib.ExitStack() as stack:
        first = stack.enter_context(gateway(tmp_path / "m0", *options, environ=environ))
        behind = ",".join(f"{host}=http://127.0.0.1:{first.fake}" for host in HOSTS)
        environ["HEADROOM_UPSTREAM"] = behind
        more = [
            stack.enter_context(gateway(tmp_path / f"m{n}", *options, environ=environ))
            for n in (1, 2)
        ]
        yield [first, *more]


class Person:
    """Somebody whose requests go to one proxy after the other; what is sent must only grow."""

    def __init__(self, proxies: list[Gateway], key: dict[str, str]) -> None:
        self._proxies = proxies
        self._next = itertools.cycle(proxies)
        self._key = key
        self.messages: list[dict[str, Any]] = [{"role": "user", "content": "Look around."}]

    def gets(self, text: str) -> None:
        name = f"toolu_{self._key['x-api-key']}_{len(self.messages):020}"
        call = {"command": f"./serve {len(self.messages)}"}
        use = {"type": "tool_use", "id": name, "name": "Bash", "input": call}
        back = {"type": "tool_result", "tool_use_id": name, "content": text}
        self.messages.append({"role": "assistant", "content": [use]})
        self.messages.append({"role": "user", "content": [back]})

    def asks(self, proxy: Gateway | None = None) -> list[str]:
        """The results as the model sees them."""
        proxy = proxy or next(self._next)
        body = {**CLAUDE, "messages": self.messages}
        assert post(f"{proxy.url}/v1/messages", body, self._key).status == 200
        sent = json.loads(self._proxies[0].seen()[-1].body)["messages"]
        blocks = [b for m in sent if isinstance(m["content"], list) for b in m["content"]]
        return [b["content"] for b in blocks if b["type"] == "tool_result"]


def logged(turn: int) -> str:
    return talk.LOG.replace("worker", f"worker-{turn}")


def test_a_day_with_three_proxies(three: list[Gateway], fleet: Fleet) -> None:
    anna, bert = Person(three, ANNA), Person(three, BERT)
    before: list[str] = []
    for turn in range(4):
        anna.gets(logged(turn))
        sent = anna.asks()
        assert sent[:-1] == before
        assert "lines folded" in sent[-1]
        before = sent
    names = [name for text in before for name in marker.hashes(text)]
    assert len(names) == 4
    for proxy, (turn, name) in itertools.product(three, enumerate(names)):
        path = f"{proxy.url}/v1/retrieve/{name}"
        assert get(path, ANNA).json["original_content"] == logged(turn)
        assert get(path, BERT).status == 404
    # The ledger is one; another's is another.
    bert.gets(logged(9))
    bert.asks()
    for proxy in three:
        until(lambda proxy=proxy: _requests(proxy, ANNA) == 4)
        until(lambda proxy=proxy: _requests(proxy, BERT) == 1)
    stored = b"".join(_all_values(fleet))
    # The word in HEADROOM_KEY is what it takes to read any of it.
    assert not any(word in stored for word in (b"worker-", b"./serve", b"claude"))
    assert not any(word in stored for word in (b"sk-anna", b"sk-bert"))
    assert any(tenants.name("sk-anna").encode() in key for key in fleet.names())


def test_redis_is_away_for_a_while(three: list[Gateway], fleet: Fleet) -> None:
    anna = Person(three, ANNA)
    anna.gets(logged(0))
    before = [anna.asks(proxy) for proxy in three][-1]
    fleet.servers[0].stop()
    for turn in range(1, 4):
        anna.gets(logged(turn))
        sent = anna.asks()
        assert sent[:-1] == before
        assert "lines folded" not in sent[-1]
        before = sent
    assert _health(three[0]) == "away"
    fleet.servers[0].start()
    for proxy in three:
        until(lambda proxy=proxy: _health(proxy) == "there")
    anna.gets(logged(4))
    sent = anna.asks()
    assert sent[:-1] == before
    assert "lines folded" in sent[-1]
    for text in sent:
        for name in marker.hashes(text):
            for proxy in three:
                assert get(f"{proxy.url}/v1/retrieve/{name}", ANNA).status == 200
    for proxy in three:
        until(lambda proxy=proxy: _requests(proxy, ANNA) == 7)
        assert b"headroom_broken_prefixes_total 0.0" in get(f"{proxy.url}/metrics").body


def test_whoever_leaves_is_forgotten_on_every_machine(three: list[Gateway], fleet: Fleet) -> None:
    anna, bert = Person(three, ANNA), Person(three, BERT)
    for person in (anna, bert):
        person.gets(logged(0))
    names = [marker.hashes(person.asks(proxy)[0])[0] for person in (anna, bert) for proxy in three]
    who = tenants.name("sk-anna")
    environ = {**os.environ, "HEADROOM_HOME": str(three[1].folder / "home")}
    environ |= {"HEADROOM_STORE": fleet.url, "HEADROOM_KEY": "a word"}
    command = [sys.executable, "-m", "headroom_wrap", "clear", "--tenant", who[:12]]
    assert subprocess.run(command, env=environ, check=False).returncode == 0
    left = [name for name in fleet.names() if who.encode() in name]
    assert len(left) == 1
    for proxy in three:
        path = f"{proxy.url}/v1/retrieve/"
        until(lambda path=path: get(path + names[0], ANNA).status == 404)
        assert get(path + names[-1], BERT).status == 200
    audit = (three[1].folder / "home/data/audit.jsonl").read_text().splitlines()
    assert {"clear": who} == {
        line["action"]: line["tenant"]
        for line in map(json.loads, audit)
        if line["action"] == "clear"
    }
    # And welcome again.
    anna.gets(logged(1))
    assert "lines folded" in anna.asks()[-1]


def test_what_the_model_fetched_is_put_back_by_any_proxy(three: list[Gateway]) -> None:
    pytest.importorskip("anthropic")
    from tests.gateway import test_inject as inject

    claude = inject.Claude(three[0], streams=True)
    clients = itertools.cycle([inject.Claude(proxy, streams=True).client for proxy in three])
    create = claude._create

    def in_turn() -> Any:
        claude.client = next(clients)
        return create()

    claude._create = in_turn
    inject.held(three[0], claude, "messages", inject.PLAIN)


def _requests(proxy: Gateway, key: dict[str, str]) -> int:
    return int(get(f"{proxy.url}/stats", key).json["requests"]["total"])


def _health(proxy: Gateway) -> str:
    return str(get(f"{proxy.url}/health").json["shared_store"])


def _all_values(fleet: Fleet) -> Iterator[bytes]:
    with fleet.servers[0].client() as client:
        for key in client.keys("*"):
            yield key
            yield client.dump(key)
