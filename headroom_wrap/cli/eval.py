"""`headroom eval`: what shortening does to answers, measured on public data or on yours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headroom_wrap.cli import complete

if TYPE_CHECKING:
    from headroom_wrap.evaluation.measure import Order

app = typer.Typer(
    help="Measure what shortening does to answers: list, run, fetch, report.",
    rich_markup_mode=None,
    no_args_is_help=True,
)


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> int:
    """The suites, and whether their data is on this machine.

    Example: headroom eval list
    """
    import json

    from headroom_wrap.evaluation.measure import listed

    rows = listed()
    if as_json:
        print(json.dumps(rows, indent=2))
        return 0
    for row in rows:
        print(f"{row['name']:12} {row['state']:9} {row['about']}")
    return 0


@app.command()
def run(
    suite: Annotated[
        str,
        typer.Argument(help="As in `headroom eval list`.", autocompletion=complete.suite_names),
    ],
    data: Annotated[
        Path | None, typer.Option(help="A file in the suite's own form; else what was fetched.")
    ] = None,
    level: Annotated[
        list[str] | None,
        typer.Option(
            help="exact, safe or lean; repeatable. All, unless told.",
            autocompletion=complete.levels,
        ),
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help="So many rows, drawn by the seed; 0: all.")] = (
        100
    ),
    among: Annotated[
        int, typer.Option(min=0, help="Passages of other rows beside each one's own.")
    ] = 0,
    seed: Annotated[int, typer.Option(help="Draws rows, mixes passages, seeds the reader.")] = 0,
    model: Annotated[str, typer.Option(help="The reader's model; without a reader: offline.")] = "",
    base_url: Annotated[
        str, typer.Option(help="Any OpenAI-compatible or Anthropic endpoint.")
    ] = "",
    reader: Annotated[str, typer.Option(help="openai, anthropic or gguf, if it is not clear.")] = (
        ""
    ),
    key_variable: Annotated[
        str, typer.Option(help="The variable with the key, if not the provider's usual one.")
    ] = "",
    gguf: Annotated[Path | None, typer.Option(help="A local model, read by llama.cpp.")] = None,
    context: Annotated[int, typer.Option(min=256, help="The local model's window, in tokens.")] = (
        8192
    ),
    threads: Annotated[int, typer.Option(min=0, help="For the local model; 0: one a core.")] = 0,
    answer_tokens: Annotated[
        int, typer.Option(min=0, help="The longest answer; 0: as the suite has it.")
    ] = 0,
    plain: Annotated[
        bool, typer.Option("--plain", help="Tell tool calls in words: the model knows no tools.")
    ] = False,
    floor: Annotated[
        bool | None,
        typer.Option(
            "--floor/--no-floor", help="Ask twice without: how often a reader differs from itself."
        ),
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Requests at once.")] = 4,
    plan: Annotated[
        bool, typer.Option("--plan", help="Say what would be asked and cost; ask nobody.")
    ] = False,
    title: Annotated[str, typer.Option(help="The heading in the report.")] = "",
    save: Annotated[Path | None, typer.Option(help="Write the JSON report to this file.")] = None,
    rows: Annotated[
        Path | None, typer.Option(help="Write every prompt and answer to this file, one a line.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of Markdown.")] = (
        False
    ),
) -> int:
    """Ask the same questions with and without shortening, and compare the answers.

    Answers are kept: a run that was stopped goes on, and a second one asks nothing. Keys come from
    OPENAI_API_KEY or ANTHROPIC_API_KEY.

    Examples: headroom eval run needle; headroom eval run squad --model gpt-5-mini --limit 50
    """
    import json

    from headroom_wrap.evaluation import markdown, measure
    from headroom_wrap.evaluation.measure import Order
    from headroom_wrap.evaluation.readers import Setup
    from headroom_wrap.evaluation.sample import Taste

    order = Order(
        suite,
        data,
        measure.levels(level),
        Taste(limit, among, seed),
        Setup(model, base_url, "", gguf, seed, plain, context, threads),
        reader,
        key_variable,
        floor,
        jobs,
        title,
        answer_tokens,
    )
    if plan:
        return _planned(order, as_json)
    with _progress() as progress:
        found = measure.run(order, progress)
    if save:
        _write(save, json.dumps(found.report, indent=1, ensure_ascii=False) + "\n")
    if rows:
        lines = (json.dumps(line, ensure_ascii=False) for line in found.details())
        _write(rows, "".join(f"{line}\n" for line in lines))
    print(json.dumps(found.report, indent=2) if as_json else markdown.page([found.report]))
    return 0


@app.command()
def fetch(
    suite: Annotated[
        str,
        typer.Argument(help="As in `headroom eval list`.", autocompletion=complete.suite_names),
    ],
) -> int:
    """Fetch a suite's public data file, and say where it lies and under which licence.

    Example: headroom eval fetch squad
    """
    from headroom_wrap.evaluation import fetch as files
    from headroom_wrap.evaluation import measure, suites

    chosen = suites.named(suite)
    with _progress() as progress:
        found = files.fetch(chosen, measure.data_folder(), progress)
    for source, path in zip(chosen.SOURCES, found, strict=True):
        print(f"{path}  {source.licence}  sha256 {files.digest(path)}")
    return 0


@app.command()
def report(
    files: Annotated[list[Path], typer.Argument(help="JSON reports, as --save writes them.")],
) -> int:
    """Print saved reports as one Markdown page.

    Example: headroom eval report squad.json needle.json > results.md
    """
    import json

    from headroom_wrap.errors import HeadroomError
    from headroom_wrap.evaluation import markdown

    try:
        runs = [json.loads(file.read_text("utf-8")) for file in files]
        print(markdown.page(runs))
    except OSError as problem:
        raise HeadroomError(f"cannot read {problem.filename}: {problem.strerror}") from problem
    except (ValueError, LookupError, TypeError, AttributeError) as problem:
        hint = "`headroom eval run … --save FILE` writes one"
        raise HeadroomError(f"this is no report ({problem!r})", hint) from problem
    return 0


def _planned(order: Order, as_json: bool) -> int:
    import json

    from headroom_wrap.evaluation import measure
    from headroom_wrap.figures import count, money

    with _progress() as progress:
        found = measure.planned(order, progress)
    if as_json:
        print(json.dumps(found, indent=2))
        return 0
    cost = "no known price" if found["dollars"] is None else f"about {money(found['dollars'])}"
    print(
        f"{found['requests']} requests ({found['known']} more are answered already), "
        f"{count(found['tokens'])} tokens in, {cost}"
    )
    return 0


def _write(file: Path, text: str) -> None:
    from headroom_wrap.errors import HeadroomError

    try:
        file.write_text(text, "utf-8")
    except OSError as problem:
        raise HeadroomError(f"cannot write {file}: {problem.strerror}") from problem


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on stderr for each thing that goes on: told its name, how much is done, and of what."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TaskID,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    # Without a terminal it would leave an empty line behind.
    quiet = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=quiet) as bar:
        tasks: dict[str, TaskID] = {}

        def progress(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what)
            bar.update(tasks[what], completed=done, total=total)

        yield progress
