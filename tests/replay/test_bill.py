"""The cost model against bills worked out by hand."""

from __future__ import annotations

import pytest

from headroom_wrap.prices import Price
from headroom_wrap.replay.bill import MODELS, RELATIVE, Bill, price_of
from headroom_wrap.types import Usage

PRICE = Price(5.0, 0.5, 6.25, 10.0, 25.0)

# A request: message sizes, output, seconds since the start. Messages of one place and size are one.
STEADY = [([2000], 100, 10), ([2000, 100, 900], 200, 40), ([2000, 100, 900, 200, 300], 50, 70)]
# The second comes after six minutes, the third after over an hour more.
PAUSES = [([2000], 100, 10), ([2000, 500], 100, 370), ([2000, 500, 300], 100, 4000)]
SMALL = [
    ([700], 10, 10),
    ([700, 100], 10, 20),
    ([700, 100, 400], 10, 30),
    ([700, 100, 400, 9], 9, 40),
]
# The second message is another one the second time.
BROKEN = [([2000, 400], 10, 10), ([2000, 401, 100], 10, 20)]

CASES = [
    # 2000 w; 2000 r + 1000 w; 3000 r + 500 w.
    ("anthropic-5m", STEADY, [(0, 0, 2000), (0, 2000, 1000), (0, 3000, 500)]),
    ("anthropic-1h", STEADY, [(0, 0, 2000), (0, 2000, 1000), (0, 3000, 500)]),
    # Cached in steps of 128: 1920, 2944.
    ("openai", STEADY, [(2000, 0, 0), (1080, 1920, 0), (556, 2944, 0)]),
    # Cached from 2048 on: not the first.
    ("gemini", STEADY, [(2000, 0, 0), (3000, 0, 0), (500, 3000, 0)]),
    ("anthropic-5m", PAUSES, [(0, 0, 2000), (0, 0, 2500), (0, 0, 2800)]),
    ("anthropic-1h", PAUSES, [(0, 0, 2000), (0, 2000, 500), (0, 0, 2800)]),
    ("openai", PAUSES, [(2000, 0, 0), (580, 1920, 0), (2800, 0, 0)]),
    ("gemini", PAUSES, [(2000, 0, 0), (2500, 0, 0), (2800, 0, 0)]),
    ("anthropic-5m", SMALL, [(700, 0, 0), (800, 0, 0), (0, 0, 1200), (0, 1200, 9)]),
    ("openai", SMALL, [(700, 0, 0), (800, 0, 0), (1200, 0, 0), (57, 1152, 0)]),
    ("anthropic-5m", BROKEN, [(0, 0, 2400), (0, 2000, 501)]),
    ("openai", BROKEN, [(2400, 0, 0), (581, 1920, 0)]),
]


@pytest.mark.parametrize(("cache", "requests", "expected"), CASES)
def test_what_is_read_and_written(cache, requests, expected) -> None:
    bill = Bill(MODELS[cache], PRICE)
    found = []
    for sizes, output, at in requests:
        names = [b"%d %d" % (n, size) for n, size in enumerate(sizes)]
        used = bill.add(names, sizes, output, at)
        found.append((used.input, used.cache_read, used.cache_write_5m + used.cache_write_1h))
    assert found == expected


@pytest.mark.parametrize(
    ("cache", "dollars"),
    [
        # 3500 × 6.25 + 5000 × 0.50 + 350 × 25
        ("anthropic-5m", 0.033125),
        # 3500 × 10 + 5000 × 0.50 + 350 × 25
        ("anthropic-1h", 0.04625),
        # 3636 × 5 + 4864 × 0.50 + 350 × 25
        ("openai", 0.029362),
        # 5500 × 5 + 3000 × 0.50 + 350 × 25
        ("gemini", 0.03775),
    ],
)
def test_what_it_costs(cache: str, dollars: float) -> None:
    bill = Bill(MODELS[cache], PRICE)
    for sizes, output, at in STEADY:
        bill.add([b"%d" % n for n in range(len(sizes))], sizes, output, at)
    assert bill.cost == pytest.approx(dollars)
    assert (bill.prompt, bill.requests) == (8500, 3)


def test_the_tariff_is_that_of_the_cache() -> None:
    [hour, short] = [Bill(MODELS[f"anthropic-{t}"], PRICE) for t in ("1h", "5m")]
    assert hour.add([b"a"], [2000], 1, 1.0) == Usage(0, 0, 0, 2000, 1)
    assert short.add([b"a"], [2000], 1, 1.0) == Usage(0, 0, 2000, 0, 1)


def test_unknown_models_are_billed_in_tokens() -> None:
    assert price_of("nobody-knows-it") == (RELATIVE, False)
    assert price_of("claude-opus-4-8")[1]
