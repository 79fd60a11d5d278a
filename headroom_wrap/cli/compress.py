"""`headroom compress`: one text in, a shorter one out; for pipes."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from headroom_wrap.cli import complete

if TYPE_CHECKING:
    from headroom_wrap.library.result import TextResult


def compress(
    file: Annotated[str, typer.Argument(metavar="[FILE|-]", help="Default: standard input.")] = "-",
    kind: Annotated[str, typer.Option(help="The command that printed it: 'pytest -q'.")] = "",
    query: Annotated[str, typer.Option(help="What you look for: it is never left out.")] = "",
    level: complete.Level = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the facts as JSON.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show what changed instead.")] = False,
) -> int:
    """Shorten a text; the original is kept, and `headroom get HASH` prints it.

    Examples: kubectl logs api-0 | headroom compress --query timeout; headroom compress build.log
    """
    from headroom import compress_text
    from headroom_wrap.errors import ConfigError

    if as_json and diff:
        raise ConfigError("--json and --diff exclude each other")
    # What stands in the way of shortening is ours to say, like everything on that stream.
    logging.basicConfig(format="headroom: %(message)s")
    raw = _read(file)
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        if as_json or diff:
            raise ConfigError(
                f"{_named(file)} is no UTF-8 text", "it cannot be shortened"
            ) from None
        sys.stderr.write(f"headroom: {_named(file)} is no UTF-8 text: passed on as it is\n")
        return _write(raw)
    found = compress_text(text, kind, query, level=level)
    if as_json:
        return _facts(found)
    if diff:
        return _write(_difference(text, found.text).encode())
    # For a person the prompt does not stand in the marker's line.
    end = "\n" if sys.stdout.isatty() and found.text[-1:] not in ("", "\n") else ""
    code = _write(f"{found.text}{end}".encode())
    if sys.stderr.isatty():
        sys.stderr.write(f"headroom: {found.tokens_before:,} → {found.tokens_after:,} tokens\n")
    return code


def _named(file: str) -> str:
    return "the input" if file == "-" else file


def _read(file: str) -> bytes:
    from headroom_wrap.errors import HeadroomError

    if file == "-":
        if sys.stdin.isatty():
            print("headroom: reading what you type; end with Ctrl-D", file=sys.stderr)
        return sys.stdin.buffer.read()
    try:
        with open(file, "rb") as opened:
            return opened.read()
    except OSError as problem:
        raise HeadroomError(f"cannot read {file}: {problem.strerror}") from problem


def _write(text: bytes) -> int:
    # Bytes: no line end of the input is ours to change.
    sys.stdout.buffer.write(text)
    sys.stdout.flush()
    return 0


def _facts(found: TextResult) -> int:
    import json
    from dataclasses import asdict

    print(json.dumps({**asdict(found), "tokens_saved": found.tokens_saved}, indent=2))
    return 0


def _difference(before: str, after: str) -> str:
    import difflib

    one, other = before.split("\n"), after.split("\n")
    return "\n".join([*difflib.unified_diff(one, other, "original", "shortened", lineterm=""), ""])
