"""The command line: one file per command, and the one place where errors end."""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import Any, NoReturn

from headroom_wrap.errors import Exit, HeadroomError

_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.ELOOP)


def main() -> NoReturn:
    """The entry point."""
    _open_streams()
    sys.exit(run(sys.argv[1:]))


def _open_streams() -> None:
    """A standard stream that is closed becomes the null device. Else the store would get its
    number, and what somebody prints."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            null = os.open(os.devnull, os.O_RDWR)
            if null != number:
                os.dup2(null, number)
                os.close(null)
            os.set_inheritable(number, True)
            setattr(sys, name, os.fdopen(number, "w" if number else "r", encoding="utf-8"))
    for stream in (sys.stdout, sys.stderr):
        # Arrows that a terminal does not know, or half characters in a path, are no reason to end.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def run(arguments: list[str]) -> int:
    """Run a command line; its exit code."""
    import typer

    from headroom_wrap.cli.app import app

    try:
        return int(app(arguments, prog_name="headroom", standalone_mode=False) or 0)
    except _misuse() as problem:
        problem.show()
        hint = _meant(arguments, type(problem).__name__)
        if hint:
            print(f"  {hint}", file=sys.stderr)
        return int(problem.exit_code)
    except HeadroomError as problem:
        hint = f"\n  {problem.hint}" if problem.hint else ""
        print(f"headroom: {problem}{hint}", file=sys.stderr)
        return problem.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except BrokenPipeError:
        return Exit.FAILURE
    except OSError as problem:
        if problem.errno not in _REFUSED:
            return _unforeseen(problem, arguments)
        return _refused(problem, arguments)
    except Exception as problem:
        return _unforeseen(problem, arguments)


def _meant(arguments: list[str], problem: str) -> str:
    """What somebody probably wanted to type, "" if there is no telling."""
    if arguments[:1] == ["wrap"] and problem == "NoSuchOption":
        return "the agent's go after `--`: headroom wrap AGENT -- OPTIONS"
    from headroom_wrap import config, profiles

    agents = profiles.names(config.load().paths.config)
    return f"to run it: headroom wrap {arguments[0]}" if arguments[0] in agents else ""


def _refused(problem: OSError, arguments: list[str]) -> int:
    """The system does not let us do it: no crash, and no fault of ours."""
    what = f"cannot use {problem.filename}" if problem.filename else "cannot go on"
    print(f"headroom: {what}: {problem.strerror}", file=sys.stderr)
    return _code(arguments)


def _code(arguments: list[str]) -> int:
    return Exit.OWN_FAILURE if arguments[:1] == ["wrap"] else Exit.FAILURE


def _misuse() -> Any:
    """What a wrong command line raises: some versions of typer have a click of their own."""
    import typer

    return next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")


def _unforeseen(problem: Exception, arguments: list[str]) -> int:
    from headroom_wrap.errors import traced

    # Its words may quote what was being read: they are in no report that is passed on.
    trace = traced(problem)
    where = _reported(trace)
    more = f"  the details are in {where}" if where else trace
    print(f"headroom: unexpected {type(problem).__name__}\n{more}", file=sys.stderr)
    return _code(arguments)


def _reported(trace: str) -> str:
    """The file with the report, "" where none can be written."""
    from headroom_wrap import config, paths

    try:
        file = paths.private(config.load().paths.data) / "crash.log"
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            opened.write(f"{trace}\n")
    except (HeadroomError, OSError):
        return ""
    return str(file)
