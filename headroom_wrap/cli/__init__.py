"""The command line: one file per command, and the one place where errors end."""

from __future__ import annotations

import sys
from typing import NoReturn

from headroom_wrap.errors import Exit, HeadroomError


def main() -> NoReturn:
    """The entry point."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run a command line; its exit code."""
    import click

    from headroom_wrap.cli.app import app

    try:
        return int(app(arguments, prog_name="headroom", standalone_mode=False) or 0)
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    except HeadroomError as problem:
        hint = f"\n  {problem.hint}" if problem.hint else ""
        print(f"headroom: {problem}{hint}", file=sys.stderr)
        return problem.exit_code
    except (KeyboardInterrupt, click.Abort):
        return 130
    except BrokenPipeError:
        return Exit.FAILURE
    except Exception as problem:
        return _unforeseen(problem, arguments)


def _unforeseen(problem: Exception, arguments: list[str]) -> int:
    import contextlib
    import tempfile
    import traceback

    where = ""
    with contextlib.suppress(OSError):
        trace = tempfile.NamedTemporaryFile(  # noqa: SIM115
            "w", prefix="headroom-", suffix=".log", delete=False, encoding="utf-8"
        )
        with trace:
            traceback.print_exception(problem, file=trace)
        where = f"\n  the details are in {trace.name}"
    print(f"headroom: {type(problem).__name__}: {problem}{where}", file=sys.stderr)
    wrapping = arguments[:1] == ["wrap"]
    return Exit.OWN_FAILURE if wrapping else Exit.FAILURE
