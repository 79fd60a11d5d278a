"""Tool results in their hundred kinds: compressors, their decoders, the marker parser."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator

from headroom_wrap import compressors, marker, relevance, tokens
from headroom_wrap.compressors import NAMES, load, terminal
from headroom_wrap.compressors.verify import verify
from headroom_wrap.detect import files, kinds, reads
from headroom_wrap.errors import HeadroomError
from headroom_wrap.original import digest
from headroom_wrap.retrieve import Part, part
from headroom_wrap.types import Ask, Level, Origin, Squeezed
from tests.compressors.cases import cases
from tests.fuzz.target import Target

_LEVELS = list(Level)
_LARGEST = 20_000


def _seeds(name: str) -> Iterator[bytes]:
    for case in cases(name) or cases()[::9]:
        question = case.ask(Level.SAFE).query.replace("\n", " ")
        text = case.text[:_LARGEST]
        head = f"1{case.origin.command or case.origin.path}\n{question}\n"
        yield (head + text).encode("utf-8", "surrogatepass")


def _asked(data: bytes) -> tuple[str, Origin, Ask]:
    """A level, a command, a question and a text."""
    level = _LEVELS[data[0] % len(_LEVELS)] if data else Level.SAFE
    whole = data[1:].decode("utf-8", "surrogateescape")
    command, _, rest = whole.partition("\n")
    question, _, text = rest.partition("\n")
    return text, Origin("Bash", command), Ask(level, question)


def honest(name: str, text: str, result: Squeezed | None) -> None:
    """Exact results give the text back; folds are made of it; nothing gets longer."""
    if result is None:
        return
    module = load(name)
    expand = getattr(module, "expand", None)
    if result.exact:
        assert expand is not None
        assert expand(result.text) == text
        assert not result.gaps
    else:
        assert verify(text, result, expand)
    assert tokens.count(result.text) <= tokens.count(text)


def _compressor(name: str) -> Target:
    def check(data: bytes) -> None:
        text, origin, ask = _asked(data)
        module = load(name)
        assert 0 <= module.score(text, origin) <= 1
        result = module.squeeze(text, origin, ask)
        honest(name, text, result)
        assert module.squeeze(text, origin, ask) == result

    return Target(check, lambda: _seeds(name))


def _decoder(name: str) -> Target:
    def check(data: bytes) -> None:
        # What a tool printed may look like our own notation: ValueError is the only way out.
        try:
            load(name).expand(data.decode("utf-8", "surrogateescape"))  # type: ignore[attr-defined]
        except ValueError:
            return

    def seeds() -> Iterator[bytes]:
        for case in cases(name):
            result = load(name).squeeze(case.text[:_LARGEST], case.origin, case.ask(Level.EXACT))
            if result and result.exact:
                yield result.text.encode("utf-8", "surrogatepass")

    return Target(check, seeds)


def _router(data: bytes) -> None:
    text, origin, ask = _asked(data)
    result = compressors.squeeze(text, origin, ask)
    assert compressors.squeeze(text, origin, ask) == result
    if result is None:
        return
    assert tokens.count(result.text) < tokens.count(text)
    count = text.count("\n") + 1
    assert all(0 <= start < end <= count for start, end in result.gaps)
    if ask.level is Level.EXACT and "terminal" not in result.compressor:
        assert result.exact
        assert not result.gaps


def _outline(data: bytes) -> None:
    text, origin, _ = _asked(data)
    origin = Origin("Read", "", origin.command)
    found = compressors.outline(text, origin, Ask(Level.LEAN))
    assert found is None or len(found.text) < len(text)


def _marker(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    assert all(8 <= len(name) <= 32 for name in marker.hashes(text))
    name, path = digest(text), f"/tmp/hr0/3fa9/{digest(text)[:8]}"
    for where in ("", path):
        sent = marker.add(Squeezed(text, "log", False, ((0, 3),)), text, name, where)
        assert marker.hashes(sent)[-1:] == [name[:8]]
        assert sent.startswith(text)
    assert "\n" not in marker.stub(text, Origin("Bash", text[:200]), name, path)


def _detect(data: bytes) -> None:
    text, origin, ask = _asked(data)
    for each in (origin, Origin("Read", "", origin.command)):
        reads.shown_path(text, each)
        reads.is_edit(each)
        reads.is_file_text(text, each)
    kinds.likely(origin.command)
    files.nature(origin.command)
    lines = text.split("\n")
    wanted = relevance.wanted(ask.query, lines)
    assert sum(map(wanted, lines)) <= len(lines)
    screen = terminal.render(text)
    assert not screen.rows or len(screen.rows) == screen.text.count("\n") + 1


def _parts(data: bytes) -> None:
    """Any part of an original can be asked for, by any words."""
    asked, _, text = data.decode("utf-8", "surrogateescape").partition("\n")
    # Not jq: a process for each would be most of the time.
    for key in ("lines", "grep", "rows"):
        with contextlib.suppress(HeadroomError), warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            part(text, Part(**{key: asked}))


def _every() -> Iterator[bytes]:
    return _seeds("*")


def _partly() -> Iterator[bytes]:
    for asked in ("2-5", "7", "-3", "id", "[a-c]+$", ".[0].name", ".[] | length"):
        yield f'{asked}\n[{{"id": 1, "name": "a"}},\n{{"id": 2, "name": "b"}}]\nlast'.encode()


TARGETS: dict[str, Target] = {
    **{f"compressor {name}": _compressor(name) for name in NAMES},
    **{f"decoder {name}": _decoder(name) for name in NAMES if hasattr(load(name), "expand")},
    "router": Target(_router, _every),
    "outline": Target(_outline, lambda: _seeds("code")),
    "marker": Target(_marker, lambda: [b"[headroom 9f3a1c2b: 412 of 430 lines folded]"]),
    "detect": Target(_detect, _every),
    "parts of an original": Target(_parts, _partly),
}
