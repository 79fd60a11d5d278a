"""The suites, by name. To add one: a module beside these, and its name here."""

from __future__ import annotations

import difflib
from typing import Final

from headroom_wrap.errors import ConfigError
from headroom_wrap.evaluation.suites import (
    agent,
    bfcl,
    gsm8k,
    hotpot,
    longdoc,
    needle,
    squad,
    truthfulqa,
)
from headroom_wrap.evaluation.suites._api import Source, Suite
from headroom_wrap.evaluation.suites._files import DataError

__all__ = ["SUITES", "DataError", "Source", "Suite", "named"]

_MODULES: Final[tuple[Suite, ...]] = (
    needle,
    squad,
    hotpot,
    longdoc,
    bfcl,
    gsm8k,
    truthfulqa,
    agent,
)
SUITES: Final[dict[str, Suite]] = {suite.NAME: suite for suite in _MODULES}


def named(name: str) -> Suite:
    """The suite of that name. Raises ConfigError."""
    if name not in SUITES:
        near = difflib.get_close_matches(name, SUITES, 1, 0.5)
        hint = f"did you mean `{near[0]}`?" if near else f"there is {', '.join(SUITES)}"
        raise ConfigError(f"no suite `{name}`", hint)
    return SUITES[name]
