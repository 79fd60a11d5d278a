"""A whole evaluation as the command line orders it, from data file to report."""

from __future__ import annotations

import asyncio
import datetime
import platform
import shlex
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from headroom_wrap import __version__, config, prices
from headroom_wrap.config import Config
from headroom_wrap.errors import ConfigError
from headroom_wrap.evaluation import fetch, result, sample, suites
from headroom_wrap.evaluation import run as runs
from headroom_wrap.evaluation.answers import Answers
from headroom_wrap.evaluation.readers import Reader, Setup, chosen, opened
from headroom_wrap.evaluation.rows import Json, Row
from headroom_wrap.evaluation.run import Outcome, Plan, Progress
from headroom_wrap.evaluation.sample import Taste
from headroom_wrap.evaluation.shorten import stage
from headroom_wrap.types import Level, Usage

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Order:
    """What `headroom eval run` was told. `floor` is None where the suite decides."""

    suite: str
    data: Path | None = None
    levels: tuple[Level, ...] = tuple(Level)
    taste: Taste = field(default_factory=Taste)
    setup: Setup = field(default_factory=Setup)
    reader: str = ""
    key_variable: str = ""
    floor: bool | None = None
    jobs: int = 4
    title: str = ""
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """The report, and the outcomes it is of."""

    report: Json
    outcomes: Sequence[Outcome]

    def details(self) -> Iterable[dict[str, Any]]:
        """A line for each row and condition."""
        return result.details(self.outcomes)


def levels(given: Sequence[str] | None) -> tuple[Level, ...]:
    """The levels by name, all of them unless some are named. Raises ConfigError."""
    names = [level.value for level in Level]
    for each in given or ():
        if each not in names:
            raise ConfigError(f"unknown level `{each}`", f"one of {', '.join(names)}")
    return tuple(level for level in Level if not given or level.value in given)


def data_folder() -> Path:
    """Where fetched data lies."""
    return _cache(config.load()) / "data"


def _cache(settings: Config) -> Path:
    return settings.paths.cache / "eval"


def listed() -> list[Json]:
    """Every suite, with where its data is."""
    return [
        {"name": suite.NAME, "state": _state(suite), "about": suite.ABOUT}
        for suite in suites.SUITES.values()
    ]


def _state(suite: suites.Suite) -> str:
    try:
        fetch.located(suite, data_folder())
    except ConfigError:
        return "to fetch" if suite.SOURCES else "--data"
    return "here"


def run(order: Order, progress: Progress) -> Found:
    """Shorten, ask, score, sum up. Raises HeadroomError."""
    work = _Work(order)
    with stage() as on, closing(Answers(_cache(work.settings))) as store:
        # What cannot be opened is said before an hour of shortening.
        reader = work.reader()
        outcomes = runs.prepared(work.plan, work.rows, on, progress)
        requests = 0
        if reader:
            requests = asyncio.run(work.ask(reader, outcomes, store, progress))
    return Found(work.report(reader, outcomes, requests), outcomes)


def planned(order: Order, progress: Progress) -> Json:
    """How many requests are still to be made, and about what they cost."""
    work = _Work(order)
    with stage() as on, closing(Answers(_cache(work.settings))) as store:
        reader = work.reader()
        if reader is None:
            raise ConfigError("there is no reader to plan for", "--model, --base-url or --gguf")
        outcomes = runs.prepared(work.plan, work.rows, on, progress)
        asked = runs.questions(work.plan, outcomes, reader)
        todo = [question for question in asked if store.get(question.name) is None]
        asyncio.run(reader.close())
    tokens = sum(question.waiting[0].sent.tokens for question in todo)
    price = prices.find(order.setup.model) if order.setup.model else None
    most = Usage(input=tokens, output=len(todo) * (order.tokens or work.suite.TOKENS))
    return {
        "requests": len(todo),
        "known": len(asked) - len(todo),
        "tokens": tokens,
        "dollars": prices.cost(most, price) if price else None,
    }


class _Work:
    """One order with what it names, read."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.settings = config.load()
        prices.extend(self.settings.paths.prices)
        self.suite = suites.named(order.suite)
        self.name = chosen(order.setup, order.reader)
        if self.name and not self.suite.METRICS:
            raise ConfigError(f"`{self.suite.NAME}` asks nobody", "leave the reader out")
        self.path = order.data or fetch.located(self.suite, data_folder())
        if not self.path.exists():
            raise ConfigError(f"there is no {self.path}")
        self.every: list[Row] = list(self.suite.load(self.path))
        if not self.every:
            raise ConfigError(f"{self.path} holds no rows for `{self.suite.NAME}`")
        self.rows = sample.taken(self.suite, self.every, order.taste)
        # Where the answer is the next action, the reader itself is the measure.
        floor = order.floor if order.floor is not None else self.suite.NAME == "agent"
        self.plan = Plan(
            self.suite, order.levels, floor and bool(self.name), order.jobs, order.tokens
        )

    def reader(self) -> Reader | None:
        """The reader, open; None where nobody is asked."""
        if not self.name:
            return None
        order = self.order
        return opened(self.name, order.setup, config.environment(), order.key_variable)

    async def ask(
        self, reader: Reader, outcomes: Sequence[Outcome], store: Answers, progress: Progress
    ) -> int:
        """All requests that are still to be made."""
        try:
            return await runs.answered(self.plan, outcomes, reader, store, progress)
        finally:
            await reader.close()

    def report(self, reader: Reader | None, outcomes: Sequence[Outcome], requests: int) -> Json:
        """The report as plain values."""
        taste, metrics = self.order.taste, self.suite.METRICS
        # A path of this machine's is nobody's business; the digest says which file it was.
        data = {
            "file": self.path.name,
            "sha256": fetch.digest(self.path),
            "rows": len(self.every),
            "asked": len(self.rows),
            "among": taste.among,
        }
        return {
            "format": FORMAT,
            "title": self.order.title,
            "suite": self.suite.NAME,
            "command": command(self.order),
            "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
            "versions": {"headroom": __version__, "Python": platform.python_version()},
            "seed": taste.seed,
            "data": data,
            "reader": reader.identity if reader else None,
            "notes": list(reader.notes) if reader else [],
            "requests": requests,
            "answer_tokens": self.order.tokens or self.suite.TOKENS,
            "metrics": list(metrics),
            "prompt": list(outcomes[0].sent.prompt.messages),
            "conditions": result.summed(outcomes, metrics, self.order.setup.model, taste.seed),
        }


def command(order: Order) -> str:
    """The command line that does the same again."""
    taste, setup = order.taste, order.setup
    floor = {None: "", True: "--floor", False: "--no-floor"}[order.floor]
    some = order.levels if order.levels != tuple(Level) else ()
    parts = ["headroom", "eval", "run", order.suite]
    for name, value, usual in (
        ("--data", order.data, None),
        ("--limit", taste.limit, Taste().limit),
        ("--among", taste.among, 0),
        ("--seed", taste.seed, 0),
        ("--reader", order.reader, ""),
        ("--base-url", setup.base_url, ""),
        ("--model", setup.model, ""),
        ("--gguf", setup.gguf, None),
        ("--answer-tokens", order.tokens, 0),
        ("--context", setup.context, Setup().context),
    ):
        parts += [name, str(value)] if value != usual else []
    parts += [word for level in some for word in ("--level", level.value)]
    parts += ["--plain"] if setup.plain else []
    return shlex.join([*parts, *([floor] if floor else [])])
