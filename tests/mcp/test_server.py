"""The MCP server, line by line."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headroom_wrap.mcp.server import respond, serve
from headroom_wrap.mcp.tools import Tools
from headroom_wrap.store import Batch, Store
from headroom_wrap.types import Origin

LOG = "".join(f"2026-01-0{d} line {i}\n" for d in range(1, 9) for i in range(60))


@pytest.fixture
def tools(tmp_path):
    store = Store(tmp_path / "store")
    yield Tools(store, project="/here")
    store.close()


def ask(tools, method, **params):
    line = json.dumps({"jsonrpc": "2.0", "id": 7, "method": method, "params": params})
    answer = respond(tools, line)
    assert answer is not None
    assert answer["id"] == 7
    return answer


def call(tools, name, **arguments):
    result = ask(tools, "tools/call", name=name, arguments=arguments)["result"]
    return result["isError"], json.loads(result["content"][0]["text"])


def keep(tools, text, project="/here"):
    batch = Batch()
    name = batch.put_original(text, Origin("Bash", "make"), project)
    tools.store.write(batch)
    return name


def test_a_client_finds_the_three_tools(tools):
    hello = ask(tools, "initialize", protocolVersion="2025-06-18", capabilities={})["result"]
    assert hello["protocolVersion"] == "2025-06-18"
    assert hello["serverInfo"]["name"] == "headroom"
    listed = ask(tools, "tools/list")["result"]["tools"]
    assert [t["name"] for t in listed] == [
        "headroom_retrieve",
        "headroom_compress",
        "headroom_stats",
    ]


def test_an_unknown_protocol_version_gets_our_newest(tools):
    hello = ask(tools, "initialize", protocolVersion="1999-01-01")["result"]
    assert hello["protocolVersion"] > "2025"


def test_an_original_comes_back_whole_and_in_part(tools):
    name = keep(tools, LOG)
    assert call(tools, "headroom_retrieve", hash=name[:8]) == (
        False,
        {"hash": name, "source": "local", "original_content": LOG},
    )
    # Models paste the whole marker.
    for pasted in (f"[headroom {name[:8]}: 3 of 9 lines folded]", f"/tmp/hr0/ab12/{name[:8]}"):
        assert call(tools, "headroom_retrieve", hash=pasted)[1]["hash"] == name
    _, found = call(tools, "headroom_retrieve", hash=name, grep="line 59", lines="1-120")
    assert found["original_content"] == "60:2026-01-01 line 59\n120:2026-01-02 line 59\n"


@pytest.mark.parametrize("name", ["", "ffffffff", "../../etc/passwd", 12345678])
def test_a_hash_that_is_not_ours_gets_nothing(tools, name):
    failed, answer = call(tools, "headroom_retrieve", hash=name)
    assert failed
    assert "hint" in answer


def test_another_projects_original_is_not_served(tools):
    failed, _ = call(tools, "headroom_retrieve", hash=keep(tools, LOG, "/elsewhere"))
    assert failed


def test_compress_never_makes_it_longer_and_the_way_back_works(tools):
    for content in ("short", LOG):
        failed, answer = call(tools, "headroom_compress", content=content)
        assert not failed
        assert answer["compressed_tokens"] <= answer["original_tokens"]
        if answer["hash"] is None:
            assert answer["compressed"] == content
        else:
            _, back = call(tools, "headroom_retrieve", hash=answer["hash"])
            assert back["original_content"] == content


def test_stats_count_the_session(tools):
    call(tools, "headroom_compress", content=LOG)
    _, stats = call(tools, "headroom_stats")
    assert stats["compressions"] == 1
    assert stats["total_input_tokens"] > 1000


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("nonsense", -32700),
        ("[" * 100_000, -32700),
        ("[]", -32600),
        ('{"id": 1}', -32600),
        ('{"id": 1, "method": "no/such"}', -32601),
        ('{"id": 1, "method": "tools/list", "params": [1]}', -32602),
    ],
)
def test_a_bad_message_is_an_error_not_the_end(tools, line, code):
    answer = respond(tools, line)
    assert answer is not None
    assert answer["error"]["code"] == code


def test_notifications_get_no_answer(tools):
    out = io.StringIO()
    lines = ['{"method": "notifications/initialized"}\n', "\n", '{"id": 1, "result": {}}\n']
    serve(tools, lines, out)
    assert out.getvalue() == ""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(st.characters(codec=None)),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ),
    st.sampled_from(["headroom_retrieve", "headroom_compress", "headroom_stats", "x"]),
)
def test_any_arguments_get_an_answer(tools, arguments, name):
    params = {"name": name, "arguments": {"hash": arguments, "content": arguments, "lines": "x"}}
    line = json.dumps({"id": 1, "method": "tools/call", "params": params})
    assert respond(tools, line) is not None
