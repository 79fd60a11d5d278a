"""Money, against bills worked out by hand."""

from __future__ import annotations

import json

import pytest

from headroom_wrap import prices
from headroom_wrap.errors import ConfigError
from headroom_wrap.prices import Price
from headroom_wrap.types import Usage

OPUS = Price(5, 0.5, 6.25, 10, 25)
SONNET = Price(3, 0.3, 3.75, 6, 15, above_200k=Price(6, 0.6, 7.5, 12, 22.5))
GPT = Price(1.25, 0.125, 1.25, 1.25, 10)


@pytest.mark.parametrize(
    ("usage", "price", "expected"),
    [
        # Anthropic, 5 min: 1,000 × $5 + 90,000 × $0.50 + 9,000 × $6.25 + 500 × $25 per million.
        (Usage(1_000, 90_000, 9_000, 0, 500), OPUS, 0.005 + 0.045 + 0.05625 + 0.0125),
        # Anthropic, 1 h: writes at twice the input price.
        (Usage(0, 90_000, 0, 9_000, 500), OPUS, 0.045 + 0.09 + 0.0125),
        # OpenAI: no fee for writing, reads at a tenth.
        (Usage(10_000, 100_000, 0, 0, 1_000), GPT, 0.0125 + 0.0125 + 0.01),
        # More than 200,000 prompt tokens: everything at the higher rate.
        (Usage(1_000, 200_000, 0, 0, 100), SONNET, 0.006 + 0.12 + 0.00225),
        (Usage(1_000, 199_000, 0, 0, 100), SONNET, 0.003 + 0.0597 + 0.0015),
    ],
)
def test_a_bill(usage, price, expected):
    assert prices.cost(usage, price) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("usage", "price", "new", "old", "expected"),
    [
        (Usage(10, 0, 5_000, 0, 0), OPUS, 1_000, 0, 0.00625),
        (Usage(10, 9_000, 5_000, 0, 0), OPUS, 1_000, 4_000, 0.00625 + 0.002),
        (Usage(10, 9_000, 0, 5_000, 0), OPUS, 1_000, 4_000, 0.01 + 0.002),
        (Usage(10_000, 9_000, 0, 0, 0), GPT, 1_000, 4_000, 0.00125 + 0.0005),
        # Nothing was read from the cache: what we left out long ago would have been new, too.
        (Usage(10_000, 0, 0, 0, 0), GPT, 1_000, 4_000, 0.00625),
    ],
)
def test_what_left_out_tokens_would_have_cost(usage, price, new, old, expected):
    assert prices.saving(usage, price, new, old) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("spelled", "listed"),
    [
        ("claude-opus-4-8", "claude-opus-4-8"),
        ("claude-opus-4-8[1m]", "claude-opus-4-8"),
        ("anthropic/claude-opus-4-8", "claude-opus-4-8"),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5-20250929"),
        ("claude-sonnet-5-20260801", "claude-sonnet-5"),
        ("gpt-5.5-2026-04-23", "gpt-5.5-2026-04-23"),
        ("openai/gpt-5.1-2030-01-01", "gpt-5.1"),
    ],
)
def test_names_as_clients_spell_them(spelled, listed):
    assert prices.find(spelled) == prices.shipped().models[listed]


@pytest.mark.parametrize("model", ["", "llama-3", "claude", "gpt-5.1-turbo-unknown"])
def test_an_unknown_model_has_no_price(model):
    assert prices.find(model) is None


def test_a_user_may_set_a_price():
    assert prices.find("llama-3", {"llama-3": GPT}) == GPT


def test_the_list_says_where_it_is_from():
    listed = prices.shipped()
    assert "litellm" in listed.source
    assert len(listed.models) > 100
    assert all(0 < p.cache_read <= p.input <= p.cache_write_1h for p in listed.models.values())


def test_a_users_own_prices_stand_over_the_shipped_ones(tmp_path):
    file = tmp_path / "prices.json"
    mine = {"input": 1, "cache_read": 0.1, "cache_write_5m": 1, "cache_write_1h": 1, "output": 2}
    file.write_text(json.dumps({"models": {"my-model-of-the-house": mine}}))
    assert prices.find("my-model-of-the-house") is None
    prices.extend(file)
    assert prices.find("house/my-model-of-the-house") == prices.Price(1, 0.1, 1, 1, 2)
    prices.extend(tmp_path / "none.json")
    file.write_text('{"models": {"x": {"input": "dear"}}}')
    with pytest.raises(ConfigError, match=r"prices\.json"):
        prices.extend(file)
