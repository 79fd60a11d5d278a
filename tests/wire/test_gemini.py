"""Gemini: strings in function responses, and which call each answers."""

from __future__ import annotations

import pytest

from headroom_wrap import wire
from headroom_wrap.types import Origin
from tests.wire.bodies import GEMINI, LOG, gemini, raw, read


@pytest.mark.parametrize("key", ["output", "result", "content", "error"])
def test_a_result(key: str) -> None:
    body = raw(gemini({key: LOG, "exit": 0}))
    (block,) = read(GEMINI, body).blocks
    assert (block.text, block.origin) == (LOG, Origin("shell", "run 0"))
    assert (block.error, block.query) == (key == "error", "Find x.")
    assert wire.splice(body, [(block, LOG)]) == body


def test_answers_come_in_the_order_of_their_calls() -> None:
    blocks = read(GEMINI, gemini({"output": "a"}, {"output": "b"})).blocks
    assert [block.origin.command for block in blocks] == ["run 0", "run 1"]
    assert len({block.call_id for block in blocks}) == 2


def test_code_assist_wraps_requests_up() -> None:
    body = {"model": "gemini-x", "request": gemini({"output": LOG})}
    turn = read("/v1internal:streamGenerateContent?alt=sse", body)
    assert (turn.model, [block.text for block in turn.blocks]) == ("gemini-x", [LOG])


@pytest.mark.parametrize("part", [{"output": {"text": LOG}}, {"output": ""}, {"output": 5}, {}])
def test_nothing_else_is_a_result(part: dict[str, object]) -> None:
    body = gemini(part)
    body["contents"][0]["parts"].append({"inlineData": {"data": LOG}})
    assert read(GEMINI, body).blocks == ()


def test_counting_tokens_is_left_alone() -> None:
    body = raw(gemini({"output": LOG}))
    assert wire.read("host", "/v1beta/models/gemini-3-pro:countTokens", body) is None
