"""`compress` and its kin: every shape, nothing mutated, odd input passed on, originals kept."""

from __future__ import annotations

import asyncio
import copy
import json
import logging
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import headroom
from headroom import (
    HeadroomError,
    acompress,
    compress,
    compress_documents,
    compress_text,
    retrieve,
    simulate,
    stats,
)
from headroom_wrap.store import Store
from headroom_wrap.team import choose
from tests.library import talk


@pytest.mark.parametrize("shape", talk.SHAPES)
def test_results_get_shorter_and_the_rest_stays(shape: str) -> None:
    messages = talk.SHAPES[shape]()
    before = copy.deepcopy(messages)
    found = compress(messages, "gpt-5")
    assert messages == before
    assert found.messages[:-1] == before[:-1]
    assert found.messages[-1] != before[-1]
    assert all(new is old for new, old in zip(found.messages[:-1], messages, strict=False))
    assert found.tokens_after < 0.3 * found.tokens_before
    assert found.tokens_saved == found.tokens_before - found.tokens_after
    assert found.kept_fraction + found.saved_fraction == pytest.approx(1)
    assert found.compression_ratio == found.kept_fraction
    assert found.transforms == ("jsontable",)
    assert [json.loads(retrieve(name)) for name in found.hashes] == [talk.ROWS]
    assert "svc-77" in retrieve(found.hashes[0], jq=".[77].name")


@pytest.mark.parametrize("shape", talk.SHAPES)
def test_the_same_messages_give_the_same_result(shape: str) -> None:
    one, other = (compress(talk.SHAPES[shape]()) for _ in range(2))
    assert one == other
    assert compress(one.messages).messages == one.messages


def test_a_longer_conversation_keeps_its_prefix() -> None:
    first = compress(talk.chat()).messages
    more = [*talk.chat(), {"role": "assistant", "content": "35"}, *talk.chat(talk.LOG)[1:]]
    longer = compress(more)
    assert longer.messages[: len(first)] == first
    assert len(longer.hashes) == 2


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ({"type": "text", "value": talk.TEXT}, {"type": "text"}),
        ({"type": "json", "value": talk.ROWS}, {"type": "text"}),
        ({"type": "error-json", "value": talk.ROWS}, {"type": "error-text"}),
        ({"type": "content", "value": [{"type": "text", "text": talk.TEXT}]}, {"type": "content"}),
    ],
)
def test_the_outputs_of_the_vercel_sdk(output: Any, expected: dict[str, str]) -> None:
    found = compress(talk.vercel(output))
    sent = found.messages[-1]["content"][0]["output"]
    assert sent["type"] == expected["type"]
    assert found.tokens_after < 0.5 * found.tokens_before


def test_models_of_pydantic_are_edited_by_copy() -> None:
    pydantic = pytest.importorskip("pydantic")
    response = pydantic.create_model("Response", name=(str, ...), response=(dict, ...))
    part = pydantic.create_model("Part", function_response=(response, ...))
    content = pydantic.create_model("Content", role=(str, ...), parts=(list[part], ...))
    answer = response(name="list_services", response={"output": talk.TEXT})
    last = content(role="user", parts=[part(function_response=answer)])
    found = compress([*talk.gemini()[:-1], last]).messages[-1]
    assert type(found) is content
    assert len(found.parts[0].function_response.response["output"]) < len(talk.TEXT) / 2
    assert answer.response["output"] == talk.TEXT


def test_levels_queries_and_targets_are_honoured_one_beside_the_other() -> None:
    messages = talk.chat(talk.LOG)
    safe, exact = compress(messages), compress(messages, level="exact")
    asked = compress(messages, query="heartbeat 317")
    assert "lines folded" in safe.messages[-1]["content"]
    assert "lines folded" not in exact.messages[-1]["content"]
    assert "heartbeat 317 ok" in asked.messages[-1]["content"]
    prose = " ".join(f"The gate number {n} of the old dam opens on demand." for n in range(300))
    loose = compress(talk.chat(prose))
    tight = compress(talk.chat(prose), target_tokens=loose.tokens_after // 2)
    assert tight.tokens_after <= loose.tokens_after
    with pytest.raises(headroom.HeadroomError, match="unknown level"):
        compress(messages, level="much")


_LEAVES = st.none() | st.booleans() | st.floats() | st.text() | st.binary() | st.integers()
_ODD = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["role", "content", "type", "parts", "tool_calls", "text"])
            | st.integers(),
            inner | st.sampled_from(["tool", "user", "tool_result", "tool-result", "assistant"]),
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.lists(_ODD, max_size=4))
def test_odd_input_comes_back_as_it_is(messages: list[Any]) -> None:
    kept = copy.deepcopy(messages)
    found = compress(messages)
    assert repr(found.messages) == repr(kept)
    assert repr(messages) == repr(kept)


def test_what_refers_to_itself_comes_back_as_it_is() -> None:
    message: dict[str, Any] = {"role": "tool"}
    message["content"] = [message]
    assert compress([message]).messages[0] is message


@pytest.mark.parametrize("shape", talk.SHAPES)
@pytest.mark.parametrize("text", ["\ud800" * 3, "\0", "a\r\nb\r\n"])
def test_characters_no_file_holds(shape: str, text: str) -> None:
    log = "".join(f"{line}{text}\n" for line in talk.LOG.splitlines())
    output = {"type": "text", "value": log}
    make: Callable[..., Any] = talk.SHAPES[shape]
    messages = make(output) if shape == "vercel" else make(log)
    found = compress(messages)
    assert found.tokens_after <= found.tokens_before
    assert all(retrieve(name) == log for name in found.hashes)


def test_an_unusable_store_leaves_messages_alone(
    home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (home / "data").write_text("in the way")
    with caplog.at_level(logging.ERROR):
        found = compress(talk.chat())
    assert found.messages == talk.chat()
    assert "left as they are" in caplog.text
    assert compress_text(talk.LOG).text == talk.LOG


def test_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADROOM_OFF", "1")
    assert compress(talk.chat()).messages == talk.chat()


def test_beside_an_event_loop() -> None:
    assert asyncio.run(acompress(talk.chat(), "gpt-5")) == compress(talk.chat(), "gpt-5")


def test_a_simulation_leaves_no_trace() -> None:
    found = simulate(talk.chat(), "gpt-5")
    assert found.tokens_after < found.tokens_before
    with pytest.raises(headroom.HeadroomError, match="no original"):
        retrieve(found.hashes[0])
    assert stats()["requests"] == 0
    assert compress(talk.chat(), "gpt-5") == found
    assert stats()["requests"] == 1
    assert stats()["tokens_saved"] > 0


def test_texts() -> None:
    found = compress_text(talk.LOG, kind="kubectl logs api", query="heartbeat 123")
    assert "heartbeat 123 ok" in str(found)
    assert found.tokens_saved > 0
    assert retrieve(found.hash) == talk.LOG
    assert retrieve(found.hash, grep="heartbeat 7 ").startswith("8:")
    assert compress_text("short").hash == ""


def test_where_nothing_is_kept_nothing_is_left_out(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEADROOM_STORE", "0")
    found = compress(talk.chat(), level="safe")
    assert found.tokens_after < found.tokens_before
    assert "[headroom" not in found.messages[-1]["content"]
    assert "folded" not in compress(talk.chat(talk.LOG)).messages[-1]["content"]
    assert "[headroom" not in compress_text(talk.TEXT).text
    assert not (home / "data/store").exists()


def test_an_encrypted_store(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADROOM_KEY", "correct horse")
    found = compress(talk.chat("needle-4711 " + talk.LOG))
    assert "needle-4711" in retrieve(found.hashes[0])
    assert b"needle-4711" not in b"".join(each.read_bytes() for each in home.rglob("data.mdb"))


def test_a_forked_worker_has_a_store_of_its_own() -> None:
    code = (
        "import os, headroom; from tests.library import talk; headroom.compress(talk.chat())\n"
        "if os.fork() == 0:\n"
        "    found = headroom.compress(talk.chat(talk.LOG))\n"
        "    os._exit(headroom.retrieve(found.hashes[0]) != talk.LOG)\n"
        "assert os.wait()[1] == 0\n"
        "found = headroom.compress(talk.chat(talk.LOG + 'x'))\n"
        "assert headroom.retrieve(found.hashes[0]) == talk.LOG + 'x'\n"
    )
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")


def test_threads_that_come_at_once_open_the_store_once(monkeypatch: pytest.MonkeyPatch) -> None:
    opening = choose.store
    opened = []

    def slowly(*place: Any) -> Store:
        opened.append(place)
        time.sleep(0.1)
        return opening(*place)

    monkeypatch.setattr(choose, "store", slowly)
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: compress(talk.chat()), range(4)))
    assert len(opened) == 1
    assert all(each.tokens_saved > 0 for each in found)


_FORKING = """
import os, sys, threading, headroom
from tests.library import talk

def loop():
    for number in range(1 << 30):
        headroom.compress(talk.chat(f"{number} {talk.LOG}"))

# Modules are loaded first: Python itself cannot fork in the middle of an import.
headroom.retrieve(headroom.compress(talk.chat(talk.LOG)).hashes[0])
for _ in range(2):
    threading.Thread(target=loop, daemon=True).start()
for number in range(3):
    if os.fork() == 0:
        found = headroom.compress(talk.chat(talk.LOG + "x" * number))
        os._exit(headroom.retrieve(found.hashes[0]) != talk.LOG + "x" * number)
    assert os.wait()[1] == 0
os._exit(0)
"""


def test_a_worker_may_be_forked_while_other_threads_are_busy() -> None:
    command = [sys.executable, "-W", "ignore", "-c", _FORKING]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize("alone", ["a text", b"bytes", {"role": "user", "content": "hi"}])
@pytest.mark.parametrize(
    "call",
    [
        compress,
        simulate,
        lambda given: asyncio.run(acompress(given)),
        lambda given: compress_documents(given, "a question"),
    ],
)
def test_one_alone_does_not_come_back_in_pieces(call, alone):
    with pytest.raises(HeadroomError, match="a list expected"):
        call(alone)
