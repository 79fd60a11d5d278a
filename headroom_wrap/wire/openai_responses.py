"""OpenAI Responses, over HTTP and WebSocket: results are items, behind a header of the agent's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from headroom_wrap.types import Block, Turn
from headroom_wrap.wire.added import own
from headroom_wrap.wire.anthropic import texts
from headroom_wrap.wire.payload import parts
from headroom_wrap.wire.said import Said, note_item
from headroom_wrap.wire.spans import Json, Span, inside, sound

NAME = "openai_responses"
# A compaction reads the same prefix: sent otherwise it would not be cached.
_PATH = re.compile(r"/responses(?:/compact)?$")
_OUTPUTS = frozenset(
    "function_call_output custom_tool_call_output local_shell_call_output shell_call_output "
    "apply_patch_call_output".split()
)
_TEXTS = ("input_text", "output_text", "text")
_HELD = ("previous_response_id", "conversation")
# Random ids and times stand in it: only what follows is the result.
_HEADER = re.compile(
    r"\A(?:(?:Chunk ID|Wall time|Exit code|Original token count|Command|Total output lines)"
    r":? [^\n]*\n|Process (?:exited with code|running with session ID) [^\n]*\n"
    r"|Script (?:completed|failed|running)[^\n]*\n){1,8}Output:\n"
)
_FAILED = re.compile(r"^(?:Process exited with code|Exit code:?) (?!0$)|^Script failed", re.M)


def matches(host: str, path: str) -> bool:
    """OpenAI's, ChatGPT's and Copilot's."""
    return _PATH.search(path) is not None


def read(body: bytes, said: Said) -> Turn | None:
    """The tool results of a request, or of a `response.create` message."""
    json = Json(body)
    top = json.members(json.whole)
    given = top.get("input")
    if json.text(top.get("type")) not in ("", "response.create"):
        return None
    if json.starts(given, '"'):
        said.user(json.text(given))
    elif not json.starts(given, "["):
        return None
    items = json.elements(given)
    if not items and json.value(top.get("generate")) is False:
        return None
    blocks = said.blocks(items, lambda span: _item(json, span, said))
    return Turn(
        sound(json.text(top.get("model"))),
        tuple(blocks),
        streamed=json.value(top.get("stream")) is True,
        messages=tuple(items),
        session=sound(json.text(top.get("prompt_cache_key"))),
        forgets=json.text(top.get("truncation")) == "auto",
        tools=json.filled(top.get("tools")),
        continues=any(json.value(top.get(key)) for key in _HELD),
    )


def _item(json: Json, span: Span, said: Said) -> Iterator[Block]:
    item = json.members(span)
    kind = json.text(item.get("type"))
    role = json.text(item.get("role"))
    if kind in _OUTPUTS:
        yield from _output(json, item, said)
    elif role == "user":
        for part in texts(json, item.get("content"), _TEXTS):
            said.user(json.text(part))
    elif role == "assistant":
        for part in texts(json, item.get("content"), _TEXTS):
            said.assistant(json.text(part))
    elif kind.endswith("_call"):
        found = json.value(span)
        if isinstance(found, dict):
            note_item(said, found)


def _output(json: Json, item: dict[str, Span], said: Said) -> Iterator[Block]:
    name = json.text(item.get("call_id")) or json.text(item.get("id"))
    output = item.get("output")
    failed = False
    for span in (*texts(json, output, _TEXTS), *_streams(json, output)):
        text = json.text(span)
        header = _HEADER.match(text)
        failed = failed or bool(header and _FAILED.search(header[0]))
        found = own(text, header.end() if header else 0)
        for part in parts(json.raw[slice(*inside(span))], text, found):
            at = span[0] + 1
            place = at + part.span[0], at + part.span[1]
            yield said.block(place, part.text, name, failed or part.failed, part.quoted)


def _streams(json: Json, output: Span | None) -> Iterator[Span]:
    """What a hosted shell printed."""
    for element in json.elements(output):
        part = json.members(element)
        for key in ("stdout", "stderr"):
            if json.starts(part.get(key), '"'):
                yield part[key]
