"""OpenAI Responses, over HTTP and WebSocket: results are items, behind a header of the agent's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from headroom_wrap.types import Block, Turn
from headroom_wrap.wire.anthropic import texts
from headroom_wrap.wire.said import Said, note_item
from headroom_wrap.wire.spans import Json, Span, inside, offset

NAME = "openai_responses"
_PATH = re.compile(r"/responses$")
_OUTPUTS = frozenset(
    "function_call_output custom_tool_call_output local_shell_call_output shell_call_output".split()
)
_TEXTS = ("input_text", "output_text", "text")
# Random ids and times stand in it: only what follows is the result.
_HEADER = re.compile(
    r"\A(?:(?:Chunk ID|Wall time|Exit code|Original token count|Command|Total output lines)"
    r":? [^\n]*\n|Process (?:exited with code|running with session ID) [^\n]*\n"
    r"|Script (?:completed|failed|running)[^\n]*\n){1,8}Output:\n"
)
_FORGETS = re.compile(rb'(?<!\\)"truncation"\s*:\s*"auto"')


def matches(host: str, path: str) -> bool:
    """OpenAI's, ChatGPT's and Copilot's."""
    return _PATH.search(path) is not None


def read(body: bytes, said: Said) -> Turn | None:
    """The tool results of a request, or of a `response.create` message."""
    json = Json(body)
    top = json.members(json.whole)
    if "input" not in top or json.value(top.get("generate")) is False:
        return None
    if json.text(top.get("type")) not in ("", "response.create"):
        return None
    if json.starts(top["input"], '"'):
        said.user(json.text(top["input"]))
    items = json.elements(top["input"])
    blocks = [block for span in items for block in _item(json, span, said)]
    return Turn(
        json.text(top.get("model")),
        tuple(blocks),
        streamed=json.value(top.get("stream")) is True,
        messages=tuple(items),
        session=json.text(top.get("prompt_cache_key")),
        forgets=_FORGETS.search(body) is not None,
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
    for span in (*texts(json, item.get("output"), _TEXTS), *_streams(json, item.get("output"))):
        start, text, quoted, end = payload(json, span)
        yield Block((start, end), text, said.origin(name), name, False, said.query(name), quoted)


def _streams(json: Json, output: Span | None) -> Iterator[Span]:
    """What a hosted shell printed."""
    for element in json.elements(output):
        part = json.members(element)
        for key in ("stdout", "stderr"):
            if json.starts(part.get(key), '"'):
                yield part[key]


def payload(json: Json, span: Span) -> tuple[int, str, bool, int]:
    """Where the result itself begins in a string literal, its text, whether it stands in JSON
    inside the literal, and where it ends."""
    text = json.text(span)
    start, end = inside(span)
    header = _HEADER.match(text)
    if header:
        start += offset(json.raw[start:end], text, header.end())
        return start, text[header.end() :], False, end
    if text.startswith("{"):
        found = _opened(json, (start, end), text)
        if found:
            return found
    return start, text, False, end


def _opened(json: Json, at: Span, text: str) -> tuple[int, str, bool, int] | None:
    """The `output` of a JSON text such as `{"output": "…", "metadata": {…}}`."""
    raw = text.encode("utf-8", "surrogatepass")
    inner = Json(raw)
    members = inner.members(inner.whole)
    if not {"output", "exit_code", "metadata", "chunk_id", "wall_time_seconds"} & members.keys():
        return None
    if not inner.starts(members.get("output"), '"'):
        return None
    first, last = inside(members["output"])
    outer = json.raw[slice(*at)]
    before = len(raw[:first].decode("utf-8", "surrogatepass"))
    upto = len(raw[:last].decode("utf-8", "surrogatepass"))
    start, end = offset(outer, text, before), offset(outer, text, upto)
    return at[0] + start, inner.text(members["output"]), True, at[0] + end
