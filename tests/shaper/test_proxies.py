"""Through real proxies: what is added arrives, what is refused is taken back, answers stay."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator

import pytest

from headroom_wrap.shaper.sentence import LATEST, SENTENCES
from tests.gateway.ask import post
from tests.gateway.running import Gateway, gateway
from tests.gateway.test_forward import BODIES
from tests.proxy_faults.bodies import conversation, shortenable
from tests.proxy_faults.conftest import Ask, Bench, bench

__all__ = ["bench"]

ON = {"HEADROOM_OUTPUT_SHAPER": "1"}
SENTENCE = SENTENCES[LATEST].encode()
REFUSED = {"x-fault": f"refuses={SENTENCES[LATEST].split()[0]}"}
TOOLS = {"tools": [{"type": "function", "function": {"name": "f"}}]}
# As models say it: code to be copied, a seal, spacing of their own.
SAID = (
    b'event: content_block_delta\r\ndata: {"type" : "content_block_delta",  "index":0, "delta":'
    b'{"type":"signature_delta","signature":"EqQB\\/+=="}}\r\n\r\n'
    b'data: {"text":"In short: as I said before, here is all of the code again:\\n```python\\n'
    b"def f( ):\\n\\treturn  'x'   \\n```\\nTo recap: f.\"}\n\n"
    b'data: {"input_json_delta":"{\\"path\\": \\"a.py\\"}"}\n\ndata: [DONE]\n\n'
)


@pytest.fixture(scope="module")
def shaping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with gateway(tmp_path_factory.mktemp("shaping"), environ=ON) as running:
        yield running


def test_a_gateway_adds_it_where_tools_are_offered(shaping: Gateway) -> None:
    body = {"model": "gpt-5.5", "messages": [{"role": "user", "content": "Hello."}]}
    for more, times in (({}, 0), (TOOLS, 1)):
        assert post(f"{shaping.url}/v1/chat/completions", {**body, **more}, {}).status == 200
        assert shaping.seen()[-1].body.count(SENTENCE) == times


def test_a_gateway_takes_it_back_and_goes_on_shortening(shaping: Gateway) -> None:
    path = "/openai/v1/chat/completions"
    body = {**BODIES[path], **TOOLS}
    first = {**body, "messages": body["messages"][:2]}
    before = len(shaping.seen())
    assert post(shaping.url + path, first, REFUSED).status == 200
    # Once with it, once as it came.
    assert [SENTENCE in seen.body for seen in shaping.seen()[before:]] == [True, False]
    assert post(shaping.url + path, body, REFUSED).status == 200
    sent = shaping.seen()[-1].body
    assert SENTENCE not in sent
    assert len(sent) < len(json.dumps(body)) / 3


def test_a_wrap_takes_it_back_and_goes_on_shortening(bench: Bench) -> None:
    first = conversation(prompt="go [[S: text a | text b]]", stream=True)
    long = conversation(shortenable(), prompt="go [[S: text a | text b]]", stream=True)
    done = bench.send(Ask(first, headers=REFUSED), Ask(long, headers=REFUSED), env=ON)
    assert [answer.status for answer in done.answers] == [200, 200]
    bodies = [seen.body for seen in bench.seen if seen.model_call or seen.facts["status"] == 400]
    assert [SENTENCE in body for body in bodies] == [True, False, False]
    assert bodies[1] == first
    assert len(bodies[2]) < 0.8 * len(long)


def test_what_the_model_says_is_passed_on_byte_for_byte(shaping: Gateway, tmp_path) -> None:
    class Model(http.server.BaseHTTPRequestHandler):
        """Says the same whatever it is asked."""

        def do_POST(self) -> None:
            asked.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.send_header("content-length", str(len(SAID)))
            self.end_headers()
            self.wfile.write(SAID)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    asked: list[bytes] = []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Model) as model:
        threading.Thread(target=model.serve_forever, daemon=True).start()
        place = f"api.anthropic.com=http://127.0.0.1:{model.server_port}"
        with gateway(tmp_path, environ={**ON, "HEADROOM_UPSTREAM": place}) as running:
            answer = post(f"{running.url}/v1/messages", json.loads(conversation()), {})
        model.shutdown()
    assert [body.count(SENTENCE) for body in asked] == [1]
    assert answer.body == SAID
