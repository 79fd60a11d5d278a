"""The exception tree and the exit codes.

HeadroomError            anything a user can act on: `what` happened and a `hint` what to do
├── ConfigError          a flag, variable, profile or config.toml that makes no sense
├── StoreError           the store cannot be opened, read or written
│   └── AwayError        its shared part cannot be reached
├── ProxyError           the embedded proxy cannot start
├── LaunchError          the agent cannot be found or started
├── UnreadyError         no worker process, in which results are judged, can be started
└── ClosedError          the worker processes were closed, because the session ends
"""

from __future__ import annotations

import enum
import traceback


class Exit(enum.IntEnum):
    """Exit codes of our own; `wrap` otherwise passes the agent's (128+n for a signal)."""

    OK = 0
    FAILURE = 1
    USAGE = 2
    OWN_FAILURE = 125
    NOT_EXECUTABLE = 126
    NOT_FOUND = 127


class HeadroomError(Exception):
    """Something went wrong that the user can act on."""

    exit_code: Exit = Exit.FAILURE

    def __init__(self, what: str, hint: str = "", exit_code: Exit | None = None) -> None:
        super().__init__(what)
        self.hint = hint
        if exit_code is not None:
            self.exit_code = exit_code


class ConfigError(HeadroomError):
    exit_code = Exit.USAGE


class StoreError(HeadroomError):
    pass


class AwayError(StoreError):
    pass


class ProxyError(HeadroomError):
    exit_code = Exit.OWN_FAILURE


class LaunchError(HeadroomError):
    exit_code = Exit.OWN_FAILURE


class UnreadyError(HeadroomError):
    pass


class ClosedError(HeadroomError):
    pass


def traced(problem: BaseException | None) -> str:
    """The stack traces of an error and its causes, without their messages: those may quote the text
    that was being read, which belongs in no log."""
    lines: list[str] = []
    while problem is not None:
        stack = traceback.format_tb(problem.__traceback__)
        lines[:0] = [*stack, f"{type(problem).__module__}.{type(problem).__qualname__}\n"]
        problem = problem.__cause__ or problem.__context__
    return "".join(lines).rstrip()
