"""How long an endpoint is waited for, and that it is not waited for in vain."""

from __future__ import annotations

import asyncio
import email.utils
import time

import pytest

from headroom_wrap.errors import HeadroomError
from headroom_wrap.evaluation.readers import Setup, openai_chat
from headroom_wrap.evaluation.rows import Answer, Prompt
from tests.evaluation.endpoint import Endpoint

HELLO = Prompt(({"role": "user", "content": "Hello?"},))


def asked(endpoint: Endpoint) -> tuple[Answer | None, list[float]]:
    """The answer, if there is one, and the seconds that were waited between the tries."""
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    async def ask() -> Answer | None:
        reader = openai_chat.opened(Setup("m", endpoint.url, wait=wait))
        try:
            return await reader.ask(reader.body(HELLO, 10))
        except HeadroomError:
            return None
        finally:
            await reader.close()

    return asyncio.run(ask()), waits


# what Retry-After says, the seconds that are waited
AFTER = [
    ({"retry-after": "7"}, 7.0),
    ({"retry-after": "0.5"}, 0.5),
    ({}, 1.0),
    ({"retry-after": "soon"}, 1.0),
]


@pytest.mark.parametrize(("headers", "seconds"), AFTER)
@pytest.mark.parametrize("status", [429, 500, 529])
def test_it_waits_as_long_as_it_is_told(
    endpoint: Endpoint, headers: dict[str, str], seconds: float, status: int
) -> None:
    endpoint.faults = [(status, headers, {"error": {"message": "busy"}})]
    answer, waits = asked(endpoint)
    assert answer is not None
    assert waits == [seconds]


def test_until_a_date(endpoint: Endpoint) -> None:
    until = email.utils.formatdate(time.time() + 30, usegmt=True)
    endpoint.faults = [(429, {"retry-after": until}, {"error": {"message": "busy"}})]
    answer, waits = asked(endpoint)
    assert answer is not None
    assert 0 < waits[0] <= 30


def test_it_gives_up_after_six_tries(endpoint: Endpoint) -> None:
    endpoint.faults = [(503, {}, "down")] * 20
    answer, waits = asked(endpoint)
    assert answer is None
    assert waits == [1, 2, 4, 8, 16]
    assert len(endpoint.heads) == 6


def test_nobody_there_is_an_error_too() -> None:
    answer, waits = asked(Endpoint(9))
    assert answer is None
    assert len(waits) == 5
