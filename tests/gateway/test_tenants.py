"""Several users of one proxy: each sees what is its own, within its terms."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from headroom_wrap import marker
from headroom_wrap.team import tenants
from tests.gateway.ask import get, post
from tests.gateway.running import Gateway, gateway
from tests.library import talk

ANNA, BERT = {"x-api-key": "sk-anna"}, {"authorization": "Bearer sk-bert"}
CLAUDE = {"model": "claude-opus-4-8", "max_tokens": 99, "messages": talk.anthropic(talk.LOG)}


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    folder = tmp_path_factory.mktemp("tenants")
    with gateway(folder, environ={"HEADROOM_TENANTS": "key"}) as found:
        yield found


def asked(running: Gateway, headers: dict[str, str], text: str = talk.LOG) -> str:
    """What is sent of a result when somebody asks."""
    body = {**CLAUDE, "messages": talk.anthropic(text)}
    assert post(f"{running.url}/v1/messages", body, headers).status == 200
    sent = json.loads(running.seen()[-1].body)
    return str(sent["messages"][-1]["content"][0]["content"][0]["text"])


def test_originals_are_found_by_their_owner_only(several: Gateway) -> None:
    (name,) = marker.hashes(asked(several, ANNA))
    path = f"{several.url}/v1/retrieve/{name}"
    assert get(path, ANNA).json["original_content"] == talk.LOG
    # The same key in another header is the same user.
    assert get(path, {"authorization": "Bearer sk-anna"}).status == 200
    assert get(path, BERT).status == 404
    assert get(path, {"x-api-key": "sk-anna", "authorization": "Bearer sk-bert"}).status == 404
    assert get(path).status == 401


def test_each_has_figures_of_its_own(several: Gateway) -> None:
    mine = {"x-api-key": "sk-carla"}
    assert get(f"{several.url}/stats", mine).json["requests"]["total"] == 0
    asked(several, ANNA)
    assert get(f"{several.url}/stats", mine).json["requests"]["total"] == 0
    assert get(f"{several.url}/stats").status == 401
    assert get(f"{several.url}/health").status == get(f"{several.url}/metrics").status == 200


def test_who_cannot_be_told_is_passed_through(several: Gateway) -> None:
    assert asked(several, {}) == talk.LOG
    given = {"messages": talk.chat()}
    assert post(f"{several.url}/v1/compress", given).status == 401
    assert post(f"{several.url}/v1/compress", given, BERT).json["tokens_saved"] > 0


def test_a_tenant_whose_folder_cannot_be_made_is_passed_through(tmp_path: Path) -> None:
    tenants_are_here = tmp_path / "home/data/tenants"
    tenants_are_here.parent.mkdir(parents=True)
    tenants_are_here.touch()
    with gateway(tmp_path, environ={"HEADROOM_TENANTS": "key"}) as running:
        assert asked(running, ANNA) == talk.LOG
        tenants_are_here.unlink()
        assert "lines folded" in asked(running, ANNA)


def test_no_key_is_anywhere_and_the_audit_names_who_fetched_what(several: Gateway) -> None:
    (name,) = marker.hashes(asked(several, ANNA))
    get(f"{several.url}/v1/retrieve/{name}", ANNA)
    home = several.folder / "home"
    lines = [json.loads(line) for line in (home / "data/audit.jsonl").read_text().splitlines()]
    assert lines[-1].pop("at")[:2] == "20"
    assert lines[-1].pop("what").startswith(name)
    who = tenants.name("sk-anna")
    told = {"tenant": who, "action": "retrieve", "way": "api", "done": True}
    assert lines[-1] == told
    assert (home / "data/audit.jsonl").stat().st_mode & 0o777 == 0o600
    assert (home / "data/tenants" / who).stat().st_mode & 0o777 == 0o700
    for file in home.rglob("*"):
        assert b"sk-anna" not in (file.read_bytes() if file.is_file() else b"")


@pytest.mark.parametrize(
    ("headers", "token", "same"),
    [
        ({"x-api-key": "one"}, "", {"authorization": "bearer one"}),
        ({"x-api-key": "one"}, "", {"x-goog-api-key": "one"}),
        ({"x-api-key": "one", "authorization": "Bearer secret"}, "secret", {"x-api-key": "one"}),
    ],
)
def test_the_same_user(headers: dict[str, str], token: str, same: dict[str, str]) -> None:
    who = tenants.Who("key", token)
    assert who.tenant(headers, {}) == who.tenant(same, {}) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"x-api-key": "one"}, {"x-api-key": "two"}),
        # Somebody's gateway wants any key, and everybody sends the same.
        (
            {"x-api-key": "dummy", "authorization": "Bearer one"},
            {"x-api-key": "dummy", "authorization": "Bearer two"},
        ),
    ],
)
def test_two_users(one: dict[str, str], other: dict[str, str]) -> None:
    who = tenants.Who("key")
    assert who.tenant(one, {}) != who.tenant(other, {})


def test_the_token_that_lets_everybody_in_tells_nobody_apart() -> None:
    who = tenants.Who("key", "secret")
    assert who.tenant({"authorization": "Bearer secret"}, {}) == ""
    assert who.tenant({}, {"key": "AIza"}) == tenants.name("AIza")


def test_a_header_of_ones_own_stays_here(tmp_path: Path) -> None:
    with gateway(tmp_path, environ={"HEADROOM_TENANTS": "X-Team"}) as running:
        (name,) = marker.hashes(asked(running, {"x-team": "red", **ANNA}))
        assert "x-team" not in {key.lower() for key, _ in running.seen()[-1].facts["headers"]}
        path = f"{running.url}/v1/retrieve/{name}"
        assert get(path, {"x-team": "red"}).status == 200
        assert get(path, {"x-team": "blue", **ANNA}).status == 404


@pytest.mark.parametrize("limit", ["requests_per_minute = 3", "max_originals = 1"])
def test_over_a_quota_nobody_is_refused_and_nothing_changes(tmp_path: Path, limit: str) -> None:
    config = tmp_path / "home/config/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'tenants = "key"\n[team.tenant.{tenants.name("sk-anna")}]\n{limit}\n')
    with gateway(tmp_path) as running:
        first = asked(running, ANNA)
        assert "lines folded" in first
        more = [talk.LOG.replace("worker", f"worker-{n}") for n in range(30)]
        sent = [asked(running, ANNA, text) for text in more[:6]]
        if "originals" not in limit:
            assert sent[-1] == more[5]
        else:
            # What there is is looked at now and then only.
            assert asked(running, ANNA) == first
        # What was sent before is sent so again, and what was left alone stays so.
        assert asked(running, ANNA) == first
        assert asked(running, ANNA, more[5]) == sent[5]
        assert "lines folded" in asked(running, BERT)


@pytest.mark.parametrize(
    "wrong",
    [
        "[team]\ndays = 0\n",
        "[team]\nmax_bytes = 'many'\n",
        "[team]\nmax_bytes = inf\n",
        "[team]\ndays = inf\n",
        "team = 5\n",
        "[team]\nday = 3\n",
        "[team.tenant]\nx = 3\n",
        "store = 'mysql://x'\n",
    ],
)
def test_terms_that_make_no_sense_are_said_at_the_start(tmp_path: Path, wrong: str) -> None:
    config = tmp_path / "home/config/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(wrong)
    with pytest.raises(AssertionError, match=r"headroom: (?!unexpected)"), gateway(tmp_path):
        pass
