"""Runs the agent in the foreground: its terminal, its signals, its exit code."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from types import FrameType

from headroom_wrap.errors import Exit, LaunchError
from headroom_wrap.launch.plan import Command

_NOTHING = ("SIGINT", "SIGQUIT", "SIGTSTP")
_FORWARDED = ("SIGTERM", "SIGHUP")
_PR_SET_PDEATHSIG = 1


def run(command: Command) -> int:
    """Start the agent and wait for its end: its exit code, negative for a signal."""
    with _watching() as adopt:
        child = _start(command)
        adopt(child.pid)
        return _wait(child)


def _start(command: Command) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(command.argv, env=dict(command.environment), preexec_fn=_leash())
    except PermissionError as problem:
        raise LaunchError(
            f"cannot run {command.argv[0]}: {problem.strerror}", exit_code=Exit.NOT_EXECUTABLE
        ) from problem
    except FileNotFoundError as problem:
        raise LaunchError(
            f"cannot run {command.argv[0]}: it or its interpreter is missing",
            exit_code=Exit.NOT_FOUND,
        ) from problem
    except OSError as problem:
        raise LaunchError(
            f"cannot run {command.argv[0]}: {problem.strerror}", exit_code=Exit.NOT_EXECUTABLE
        ) from problem


def _wait(child: subprocess.Popen[bytes]) -> int:
    if not hasattr(os, "WUNTRACED"):
        return child.wait()
    while True:
        _, status = os.waitpid(child.pid, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            child.returncode = os.waitstatus_to_exitcode(status)
            return child.returncode
        # The agent suspended itself; the shell takes over only when we have stopped, too.
        os.kill(os.getpid(), signal.SIGSTOP)
        # Here again: the shell woke up the whole job, a bare `kill -CONT` only us.
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGCONT)


@contextlib.contextmanager
def _watching() -> Iterator[Callable[[int], None]]:
    """While it lasts, signals are the agent's, whose process id is told when it has one.

    The terminal sends its signals to the agent anyway. Handlers that do nothing, because the agent
    would inherit SIG_IGN.
    """
    children: list[int] = []
    early: list[int] = []

    def nothing(number: int, frame: FrameType | None) -> None:
        pass

    def forward(number: int, frame: FrameType | None) -> None:
        if not children:
            early.append(number)
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, number)

    def adopt(child: int) -> None:
        children.append(child)
        for number in early:
            forward(number, None)

    wanted = [(name, nothing) for name in _NOTHING] + [(name, forward) for name in _FORWARDED]
    before = {}
    for name, action in wanted:
        if hasattr(signal, name):
            number = getattr(signal, name)
            # Under `nohup` the agent is to ignore what we were told to ignore.
            if signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, action)
    try:
        yield adopt
    finally:
        for number, old in before.items():
            signal.signal(number, old)


def _leash() -> Callable[[], None] | None:
    """Has the kernel end the agent when we are killed: without us it has no way out."""
    try:
        import ctypes

        prctl = ctypes.CDLL(None).prctl
    except (ImportError, OSError, AttributeError):
        return None

    def tie() -> None:
        prctl(_PR_SET_PDEATHSIG, int(signal.SIGHUP), 0, 0, 0)

    return tie


def passed_on(code: int) -> int:
    """The exit code that tells our caller the same: 128+n, but death by Ctrl-C is died again."""
    if code == -signal.SIGINT:
        # The shell ends a loop or script only if it sees that we died of it.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    return 128 - code if code < 0 else code
