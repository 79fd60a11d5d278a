"""`headroom perf`: what was saved, by day, agent, project, model, tool and compressor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headroom_wrap.cli import complete

if TYPE_CHECKING:
    from headroom_wrap.report.groups import Report
    from headroom_wrap.store import Store

_USUAL = ("day", "agent", "project", "model", "tool", "compressor")


def perf(
    since: Annotated[
        str, typer.Option(help="From when on: 7d, 12h, today, 2026-11-30 or all.")
    ] = "30d",
    by: Annotated[
        list[str] | None,
        typer.Option(
            help="Only this table: day, agent, project, model, tool, … Repeatable.",
            autocompletion=complete.columns,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    line: Annotated[
        bool, typer.Option("--line", help="Print one line on today, for tmux or a prompt.")
    ] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write one page with charts.")
    ] = None,
    observed: Annotated[
        bool, typer.Option("--observed", help="What `wrap --observe` would have saved.")
    ] = False,
    recount: Annotated[
        bool, typer.Option("--recount", help="First add up all rows again, at today's prices.")
    ] = False,
) -> int:
    """Show what was saved in tokens and in money, with what it cost to save it.

    Examples: headroom perf --since 7d; headroom perf --by tool --json; headroom perf --html a.html
    """
    import time

    from headroom_wrap import config, prices
    from headroom_wrap.report import groups, period

    _one_form({"--json": as_json, "--csv": as_csv, "--line": line, "--html": bool(html)})
    paths = config.load().paths
    prices.extend(paths.prices)
    span = period.parse("today" if line else since, time.time())
    columns = _columns(by)
    store = _open(paths.store, recount)
    try:
        report = groups.read(store, span, () if line else columns, observed)
    finally:
        if store:
            store.close()
    if line:
        print(_line(report))
    elif html:
        return _page(report, html)
    else:
        _print(report, as_json, as_csv)
    return 0


def _one_form(given: dict[str, bool]) -> None:
    from headroom_wrap.errors import ConfigError

    wanted = [option for option, there in given.items() if there]
    if len(wanted) > 1:
        raise ConfigError(f"{' and '.join(wanted)} exclude each other")


def _columns(by: list[str] | None) -> tuple[str, ...]:
    from headroom_wrap.errors import ConfigError
    from headroom_wrap.report.groups import COLUMNS

    for name in by or ():
        if name not in COLUMNS:
            raise ConfigError(f"no column `{name}`", f"one of {', '.join(COLUMNS)}")
    return tuple(dict.fromkeys(by or _USUAL))


def _open(folder: Path, recount: bool) -> Store | None:
    import sys

    from headroom_wrap.ledger import sums
    from headroom_wrap.store import Store, existing

    store = existing(folder)
    if store is None or (not recount and sums.whole(store)):
        return store
    print(f"headroom: adding up {store.rows_in('ledger'):,} rows", file=sys.stderr)
    store.close()
    writable = Store(folder, mend=False)
    sums.rebuild(writable)
    return writable


def _line(report: Report) -> str:
    from headroom_wrap import figures

    total = report.total
    text = figures.summary(
        total.tokens_saved,
        total.saved_fraction,
        total.net if total.priced else None,
        total.cache_rate if total.input else None,
    )
    return text + figures.breaks(total.broken)


def _page(report: Report, file: Path) -> int:
    import sys

    from headroom_wrap.errors import HeadroomError
    from headroom_wrap.report import page

    text = page.rendered(report)
    if str(file) == "-":
        sys.stdout.write(text)
        return 0
    try:
        file.write_text(text, "utf-8")
    except OSError as problem:
        raise HeadroomError(f"cannot write {file}: {problem.strerror}") from problem
    print(f"headroom: wrote {file}", file=sys.stderr)
    return 0


def _print(report: Report, as_json: bool, as_csv: bool) -> None:
    import json
    import sys

    from headroom_wrap.report import groups

    if as_json:
        print(json.dumps(groups.as_json(report), indent=2))
    elif as_csv:
        sys.stdout.write(groups.as_csv(report))
    else:
        from rich.console import Console

        from headroom_wrap.report import text

        text.show(report, Console(highlight=False, soft_wrap=False))
