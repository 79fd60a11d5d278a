"""One agent's session, told once: a loop over three kinds of results, an end, a resumption."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.agents.runs import Run
from tests.agents.sandbox import Ran
from tests.fake.record import Seen

FIRST = (
    "Look around. [[S: bash ./list-rules --json | bash ./install-packages"
    ' | bash grep -rn "raise " src | text all done]]'
)
SECOND = 'Look again. [[S: bash grep -rn "self._" src | text done again]]'
_NAMES = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[\d-]{8}|[0-9a-f]{32,}|(?<=arg0)\w{6}|\d+"
)


@dataclass(frozen=True)
class Story:
    """All that can be seen of a session from outside."""

    first: Ran
    second: Ran
    calls: list[Seen]
    resumed: int
    """Index in `calls` of the first request after the resumption."""
    names: set[str]
    files: set[str]
    alive: list[str]


def tell(run: Run) -> Story:
    """Run the session to its end."""
    first = run.ask(FIRST)
    resumed = len(run.model_calls())
    second = run.again(SECOND)
    return Story(
        first,
        second,
        run.model_calls(),
        resumed,
        run.box.names(),
        left(run),
        run.box.alive(),
    )


def left(run: Run) -> set[str]:
    """Files in HOME, by names without what differs each time."""
    home = run.box.home
    found = (str(path.relative_to(home)) for path in home.rglob("*") if not path.is_dir())
    # SQLite's own side files come and go with the moment at which an agent ends.
    return {_NAMES.sub("#", name) for name in found if not name.endswith(("-wal", "-shm"))}
