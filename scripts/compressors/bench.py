"""The benchmark of the compressors: what is saved, what stays in sight, how long it takes."""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import report  # noqa: E402
from corpus import Case, Messages, corpus, golden, headline  # noqa: E402
from needles import Haystack  # noqa: E402
from ours import Ours, texts  # noqa: E402
from rival import Rival  # noqa: E402

from headroom_wrap import tokens  # noqa: E402
from headroom_wrap.types import Level  # noqa: E402

_LEAST = 500
_LATER: Messages = [
    {"role": "assistant", "content": "I have looked at that output."},
    {"role": "user", "content": "Now list every file name, number and hash that you saw."},
]


@dataclass
class Row:
    """What came out of one case. The milliseconds are by the clock and of the processor, for
    10,000 tokens."""

    id: str
    kind: str
    before: int
    after: int
    needles: int
    inline: int
    retrievable: int
    ms: float
    cpu_ms: float
    sha: str
    lost: list[str] = field(default_factory=list)
    compressors: list[str] = field(default_factory=list)
    stable: bool | None = None
    deterministic: bool | None = None


def measure(cases: Iterable[Case], system: Ours | Rival) -> Iterator[Row]:
    """Each case through the system."""
    for case in cases:
        sent, ms, cpu_ms = system.compress(case.messages)
        before, after = size(case.messages), size(sent)
        visible = Haystack("\n".join(texts(sent, "tool")))
        missing = [needle for needle in case.needles if not visible.holds(needle)]
        apart = [group for group in case.lines if not visible.one_line_holds(group)]
        stored = Haystack(system.recover(sent)) if missing or apart else visible
        gone = [needle for needle in missing if not stored.holds(needle)]
        torn = [group for group in apart if not stored.one_line_holds(group)]
        total = len(case.needles) + len(case.lines)
        shown = [f"{s.compressor or s.reason}" for s in system.shown]
        yield Row(
            case.id,
            case.kind,
            before,
            after,
            total,
            total - len(missing) - len(apart),
            total - len(gone) - len(torn),
            ms * 1e4 / max(before, _LEAST),
            cpu_ms * 1e4 / max(before, _LEAST),
            digest(sent),
            [*missing, *(" + ".join(group) for group in apart)],
            shown,
        )


def size(messages: Messages) -> int:
    return sum(map(tokens.count, texts(messages)))


def digest(messages: Messages) -> str:
    return hashlib.sha256(json.dumps(messages, sort_keys=True).encode()).hexdigest()


def check_prefix(rows: list[Row], cases: list[Case], system: Ours, level: Level) -> None:
    """Whether what was sent is sent again when the conversation goes on, also after a restart."""
    with tempfile.TemporaryDirectory() as folder:
        restarted = Ours(Path(folder), level)
        for row, case in zip(rows, cases, strict=True):
            longer = [*case.messages, *_LATER]
            row.stable = all(
                digest(one.compress(longer)[0][: len(case.messages)]) == row.sha
                for one in (system, restarted)
            )
        restarted.close()


def check_process(rows: list[Row], arguments: list[str]) -> None:
    """Whether another process, with another hash seed and in reverse order, sends the same."""
    done = subprocess.run(
        [sys.executable, __file__, *arguments, "--digests"],
        env={**os.environ, "PYTHONHASHSEED": "random"},
        stdout=subprocess.PIPE,
        check=True,
    )
    digests = json.loads(done.stdout)
    for row in rows:
        row.deterministic = digests[row.id] == row.sha


def chosen(given: argparse.Namespace) -> list[Case]:
    """The cases that were asked for; without a folder our own."""
    found: Iterable[Case] = golden()
    if given.corpus or given.headline:
        folders = (corpus(given.corpus) if given.corpus else (),)
        found = itertools.chain(*folders, headline(given.headline) if given.headline else ())
    kinds = set(given.kinds.split(",")) if given.kinds else None
    return [case for case in found if kinds is None or case.kind in kinds]


def warm_up(system: Ours | Rival) -> None:
    """Load what is loaded on first use."""
    rows = json.dumps([{"id": i, "on": True} for i in range(200)])
    page = " ".join(f"This is the sentence that has the number {i}, of many." for i in range(99))
    for text in (rows, "a line\n" * 400, page):
        call = {"id": f"warm{len(text)}", "function": {"name": "bash", "arguments": "{}"}}
        result = {"role": "tool", "tool_call_id": call["id"], "content": text}
        calls = {"role": "assistant", "content": None, "tool_calls": [call]}
        system.compress([{"role": "user", "content": "Which number is it?"}, calls, result])


def bench(given: argparse.Namespace, arguments: list[str]) -> int:
    cases = chosen(given)
    level = Level(given.level)
    with tempfile.TemporaryDirectory() as folder:
        system = Ours(Path(folder), level)
        warm_up(system)
        rows = list(measure(reversed(cases) if given.digests else cases, system))
        if given.digests:
            print(json.dumps({row.id: row.sha for row in rows}))
            return 0
        check_prefix(rows, cases, system, level)
        system.close()
    check_process(rows, arguments)
    theirs = list(_rival(given.rival, cases)) if given.rival else []
    if given.json:
        print(json.dumps({"ours": [*map(asdict, rows)], "rival": [*map(asdict, theirs)]}))
        return 0
    print(report.table(rows, theirs))
    print(report.confusion(rows))
    if given.verbose:
        print(report.cases(rows))
    return 0


def _rival(python: str, cases: list[Case]) -> Iterator[Row]:
    system = Rival(python)
    warm_up(system)
    yield from measure(cases, system)
    system.close()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--corpus", type=Path, help="a folder of JSON lines instead of our own")
    parser.add_argument("--headline", type=Path, help="a folder of whole requests")
    parser.add_argument("--level", default="safe", choices=[level.value for level in Level])
    parser.add_argument("--kinds", help="only these kinds, with commas between them")
    parser.add_argument("--rival", help="the Python of a venv that headroom-ai is installed in")
    parser.add_argument("--json", action="store_true", help="every case as JSON")
    parser.add_argument("--verbose", action="store_true", help="every case, and what it lost")
    parser.add_argument("--digests", action="store_true", help=argparse.SUPPRESS)
    return bench(parser.parse_args(arguments), arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
