"""A session inside a session: an agent that starts another one, each behind a proxy of its own."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable

from headroom_wrap import marker
from tests.agents.bodies import results
from tests.agents.drivers import CLAUDE
from tests.agents.runs import Run

_OURS = (sys.executable, "-m", "headroom_wrap")
_INNER = "inner [[S: bash ./list-rules --json | text inner done]]"
_OUTER = "outer [[S: bash ./another | bash ./install-packages | text outer done]]"


def test_each_request_is_shortened_and_counted_once(start: Callable[..., Run]) -> None:
    run = start(CLAUDE, wrapped=True)
    another = run.box.work / "another"
    words = [*_OURS, "wrap", "claude", "--", *CLAUDE.ask, _INNER]
    another.write_text(f"#!/bin/sh\n{shlex.join(words)}\n")
    another.chmod(0o755)
    ran = run.ask(_OUTER)
    assert ran.code == 0, str(ran)
    assert "outer done" in ran.out
    sent = [call for call in run.model_calls() if results(call)]
    texts = [text for call in sent for found in results(call).values() for text in found]
    shortened = [text for text in texts if marker.hashes(text)]
    assert len(shortened) == 2
    # None has a second marker of the outer session's.
    assert [len(marker.hashes(text)) for text in shortened] == [1, 1]

    told = json.loads(run.box.run([*_OURS, "perf", "--by", "session", "--json"]).out)
    arrived = [seen for seen in run.box.requests() if seen.model_call]
    assert told["total"]["requests"] == len(arrived)
    assert len(told["by"]["session"]) == 2
