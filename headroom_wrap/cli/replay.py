"""`headroom replay PATH…`: what recorded sessions would have cost with us and without."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headroom_wrap.cli import complete

if TYPE_CHECKING:
    from headroom_wrap.replay import Outcome


def replay(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Files or folders; without any, Claude Code's and Codex's own."),
    ] = None,
    cache: Annotated[
        str,
        typer.Option(
            help="anthropic-5m, anthropic-1h, openai or gemini.",
            autocompletion=complete.among("anthropic-5m", "anthropic-1h", "openai", "gemini"),
        ),
    ] = "anthropic-5m",
    model: Annotated[str, typer.Option(help="Price it as this model.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="Only so many files, the latest.")] = 1000,
    jobs: Annotated[int, typer.Option(min=0, help="Processes; 0: one a core.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Send recorded sessions through the real pipeline, and print what the bill would have been.

    Reads transcripts of Claude Code, Codex, SWE-agent, and chats as JSON. Nothing is changed and
    nothing leaves this machine.

    Examples: headroom replay; headroom replay ~/.claude/projects --cache anthropic-1h --json
    """
    import json

    from headroom_wrap.errors import ConfigError
    from headroom_wrap.replay import bill, find

    if cache not in bill.MODELS:
        raise ConfigError(f"no cache model `{cache}`", f"one of {', '.join(bill.MODELS)}")
    missing = [str(path) for path in paths or [] if not path.exists()]
    if missing:
        raise ConfigError(f"there is no {missing[0]}")
    files = find(paths or _usual())
    files = sorted(files, key=lambda file: file.stat().st_mtime)[-limit:]
    outcomes = _run(files, cache, model, jobs)
    if not outcomes:
        raise ConfigError("no transcript found", "name files or folders: headroom replay PATH")
    if as_json:
        print(json.dumps({"cache": cache, **_sums(outcomes)}, indent=2))
    else:
        _table(outcomes, cache)
    return 1 if any(o.breaks or o.edit_misses for o in outcomes) else 0


def _usual() -> list[Path]:
    home = Path.home()
    return [p for p in (home / ".claude/projects", home / ".codex/sessions") if p.is_dir()]


def _one(file: Path, cache: str, model: str) -> tuple[list[Outcome], str]:
    """The outcomes of a file, and why there are none where it cannot be read."""
    from headroom_wrap import config, prices
    from headroom_wrap.replay import bill, read, replay

    prices.extend(config.load().paths.prices)

    try:
        found = (transcript for transcript in read(file) if any(transcript.requests()))
        return [replay(transcript, bill.MODELS[cache], model=model) for transcript in found], ""
    except (OSError, RecursionError) as problem:
        return [], f"{file} is left out: {problem}"


def _run(files: list[Path], cache: str, model: str, jobs: int) -> list[Outcome]:
    from rich.console import Console
    from rich.progress import track

    outcomes: list[Outcome] = []
    done = _results(files, cache, model, min(jobs or os.cpu_count() or 1, len(files)))
    console = Console(stderr=True)
    # Without a terminal it would leave an empty line behind.
    quiet = not console.is_terminal
    bar = track(done, "Replaying", len(files), console=console, transient=True, disable=quiet)
    for found, problem in bar:
        outcomes += found
        if problem:
            print(f"headroom: {problem}", file=sys.stderr)
    return sorted(outcomes, key=lambda outcome: outcome.name)


def _results(
    files: list[Path], cache: str, model: str, jobs: int
) -> Iterator[tuple[list[Outcome], str]]:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor, as_completed

    if jobs <= 1:
        yield from (_one(file, cache, model) for file in files)
        return
    # A fork would copy the thread that draws the progress bar.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, context) as pool:
        running = [pool.submit(_one, file, cache, model) for file in files]
        yield from (future.result() for future in as_completed(running))


def _sums(outcomes: list[Outcome]) -> dict[str, Any]:
    from dataclasses import asdict

    priced = all(o.priced for o in outcomes)
    each = [o.bills if priced else o.units for o in outcomes]
    bills = {way: sum(bill[way] for bill in each) for way in each[0]}
    bare = bills["bare"]
    return {
        "conversations": len(outcomes),
        "requests": sum(o.requests for o in outcomes),
        "priced": priced,
        "bills": bills,
        "of_bare": {way: cost / bare for way, cost in bills.items() if bare},
        "prefix_breaks": sum(o.breaks for o in outcomes),
        "edits": sum(o.edits for o in outcomes),
        "edit_misses": sum(o.edit_misses for o in outcomes),
        "regrets": sum(o.regrets for o in outcomes),
        "cold_points": sum(o.cold_points for o in outcomes),
        "each": [asdict(outcome) for outcome in outcomes],
    }


def _table(outcomes: list[Outcome], cache: str) -> None:
    from rich.console import Console
    from rich.table import Table

    sums = _sums(outcomes)
    unit = "bill, $" if sums["priced"] else "bill, in input tokens (no known price)"
    table = Table("way", unit, "of bare", box=None, header_style="bold", pad_edge=False)
    table.columns[1].justify = table.columns[2].justify = "right"
    for way, cost in sums["bills"].items():
        shown = f"{cost:,.4f}" if sums["priced"] else f"{cost * 1e6:,.0f}"
        table.add_row(way, shown, f"{sums['of_bare'].get(way, 1.0):.3f}")
    console = Console()
    counts = f"{sums['conversations']} conversations, {sums['requests']} requests, cache {cache}"
    console.print(counts, highlight=False)
    console.print(table)
    console.print(
        f"prefix breaks {sums['prefix_breaks']} · edits {sums['edits']}, of which cannot apply "
        f"{sums['edit_misses']} · folds regretted {sums['regrets']} · "
        f"cold points {sums['cold_points']}",
        highlight=False,
        soft_wrap=True,
    )
