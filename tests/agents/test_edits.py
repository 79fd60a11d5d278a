"""The real Claude Code edits what it read, reads it again, runs things, is resumed: all applies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from headroom_wrap import marker
from tests.agents import bodies
from tests.agents.drivers import CLAUDE
from tests.agents.runs import Run
from tests.fake.record import Seen

_STATE = "src/_state.py"
_EVENTS = "src/_events.py"
_STEPS = [
    'bash grep -rn "raise " src',
    f"read {_STATE}",
    f"edit {_STATE} class CLIENT(Sentinel=>class CLIENT_(Sentinel",
    f"read {_STATE}",
    f"edit {_STATE} class SERVER(Sentinel=>class SERVER_(Sentinel",
    f"bash sed -n '1,80p' {_EVENTS}",
    f"read {_EVENTS}",
    f"edit {_EVENTS} class Request(Event):=>class Request(Event):  # asked",
    "bash ./install-packages",
    "bash ./list-rules --json && exit 3",
    f"read {_STATE}",
    f"edit {_STATE} class ConnectionState:=>class ConnectionState:  # one side",
    "bash ./list-rules --json",
]
_LATER = [
    f"read {_STATE}",
    f"edit {_STATE} class ConnectionState:  # one side=>class ConnectionState:  # each side",
    f"read {_EVENTS}",
    f"edit {_EVENTS} class Request(Event):  # asked=>class Request(Event):  # wanted",
]
_EXPECTED = {
    _STATE: ["class CLIENT_(", "class SERVER_(", "class ConnectionState:  # each side"],
    _EVENTS: ["class Request(Event):  # wanted"],
}


@dataclass(frozen=True)
class Edited:
    """What the model was sent, and the files as they were left."""

    calls: list[Seen]
    resumed: int
    files: dict[str, str]
    codes: tuple[int, int]


@pytest.fixture(scope="module")
def edited(start: Callable[..., Run]) -> Edited:
    run = start(CLAUDE, wrapped=True)
    first = run.ask(_script(run, "Mend it.", _STEPS))
    resumed = len(run.model_calls())
    second = run.again(_script(run, "Mend more.", _LATER))
    files = {name: Path(run.box.work / name).read_text() for name in _EXPECTED}
    return Edited(run.model_calls(), resumed, files, (first.code, second.code))


def _script(run: Run, ask: str, steps: list[str]) -> str:
    work = f"{run.box.work}/src/"
    lines = (step.replace("src/", work, 1) if step[:4] != "bash" else step for step in steps)
    return f"{ask} [[S: {' | '.join([*lines, 'text done'])}]]"


def test_the_session_has_its_turns(edited: Edited) -> None:
    assert edited.codes == (0, 0)
    assert len(edited.calls) >= len(_STEPS) + len(_LATER)


def test_every_edit_is_in_the_file(edited: Edited) -> None:
    for name, texts in _EXPECTED.items():
        for text in texts:
            assert text in edited.files[name]


def test_no_result_says_that_an_edit_failed(edited: Edited) -> None:
    texts = [text for each in bodies.results(edited.calls[-1]).values() for text in each]
    assert sum("has been updated" in text for text in texts) == 6, texts
    assert not any("String to replace not found" in text for text in texts)


def test_first_reads_are_whole_and_later_ones_are_counted(edited: Edited) -> None:
    texts = [text for each in bodies.results(edited.calls[-1]).values() for text in each]
    counted = [text for text in texts if "as read above" in text]
    assert len(counted) >= 3
    assert all(marker.hashes(text) for text in counted)
    assert sum("class ConnectionState:" in text for text in texts) > 1


def test_what_was_sent_stays_as_it_was_sent(edited: Edited) -> None:
    sent: dict[str, list[str]] = {}
    for call in edited.calls:
        for name, texts in bodies.results(call).items():
            assert sent.setdefault(name, texts) == texts
    for turns in (edited.calls[: edited.resumed], edited.calls[edited.resumed :]):
        for before, after in pairwise(bodies.items(call) for call in turns):
            assert after[: len(before)] == before
