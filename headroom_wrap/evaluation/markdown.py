"""The report of a run in Markdown, made of its JSON and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from headroom_wrap.evaluation.rows import Json
from headroom_wrap.evaluation.run import AGAIN, NONE
from headroom_wrap.figures import money

_UNTOUCHED = "untouched"
_EXCERPT = 700


def page(runs: Sequence[Json]) -> str:
    """All runs on one page, each under its command."""
    return "\n".join(line for run in runs for line in _run(run))


def _run(run: Json) -> Iterator[str]:
    yield f"## {run['title'] or run['suite']}\n"
    yield f"```\n{run['command']}\n```\n"
    yield f"{_facts(run)}\n"
    yield from _table(_results(run))
    yield from _pairs(run)
    yield from _groups(run)
    yield from _explained(run)
    yield from _prompt(run)


def _facts(run: Json) -> str:
    data, versions = run["data"], run["versions"]
    parts = [f"{data['asked']} of {data['rows']} rows of `{data['file']}`"]
    parts[0] += f" (SHA-256 {data['sha256'][:12]}…)"
    if data["among"]:
        parts.append(f"each among {data['among']} other passages")
    parts.append(f"seed {run['seed']}")
    reader = run["reader"]
    parts.append(f"read by {_reader(reader)}" if reader else "offline, no reader")
    parts += [f"{name} {version}" for name, version in versions.items()]
    return ", ".join([*parts, run["date"]]) + "."


def _reader(reader: Json) -> str:
    if reader["reader"] == "gguf":
        window = f"context {reader['context']}, llama.cpp by llama-cpp-python {reader['llama_cpp']}"
        return f"`{reader['model']}` (SHA-256 {reader['sha256'][:12]}…, {window})"
    return f"`{reader['model']}` at {reader['url']}"


def _results(run: Json) -> list[list[str]]:
    metrics = run["metrics"] if run["reader"] else []
    bare = run["conditions"][0]
    priced = any(each.get("dollars") is not None for each in run["conditions"])
    survival = any(each["held"] for each in run["conditions"])
    head = ["level", "touched", "tokens"]
    head += ["answer still there", "originals back"] if survival else ["originals back"]
    head += [*metrics, "same answer", "seconds"] if metrics else []
    head += ["cost"] if priced else []
    return [head, *(_line(each, bare, metrics, priced, survival) for each in run["conditions"])]


def _line(
    each: Json, bare: Json, metrics: Sequence[str], priced: bool, survival: bool
) -> list[str]:
    level = each["condition"] not in (NONE, AGAIN)
    untouched = level and not each["touched"]
    cells = [each["condition"], f"{each['touched']} of {each['rows']}" if level else "–"]
    cells.append(_size(each, bare))
    if survival:
        cells.append(_UNTOUCHED if untouched else _share(each["kept"], each["held"]))
    cells.append(_share(each["originals_back"], each["touched"]) if level else "–")
    cells += [_UNTOUCHED if untouched else _value(each["scores"][name]) for name in metrics]
    if metrics:
        first = untouched or each["condition"] == NONE
        cells.append("–" if first else _share(each["same"], each["compared"]))
        cells.append(f"{each['seconds']:.2f}" if each["answers"] else "–")
    if priced:
        dollars = each.get("dollars")
        cells.append("–" if dollars is None else money(dollars))
    return cells


def _value(score: float | None) -> str:
    return "–" if score is None else f"{score:.3f}"


def _size(each: Json, bare: Json) -> str:
    if each["condition"] in (NONE, AGAIN) or not each["touched"]:
        return f"{each['tokens']:,}"
    return f"{each['tokens']:,} ({100 * (each['tokens'] / bare['tokens'] - 1):+.0f} %)"


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole}" if whole else "–"


def _pairs(run: Json) -> Iterator[str]:
    """The rows whose context was shortened, each against itself."""
    head = ["level, score", "rows", "without", "with", "difference [95 %]", "better", "worse", "p"]
    found = [
        _pair(f"{each['condition']}, {name}", pair)
        for each in run["conditions"]
        for name, pair in each["paired"].items()
        if pair and each["condition"] != NONE
    ]
    if found:
        yield "Only the rows that a level touches, each against itself:\n"
        yield from _table([head, *found])


def _pair(name: str, pair: Json) -> list[str]:
    difference = f"{pair['difference']:+.3f}"
    if pair["low"] is not None:
        difference += f" [{pair['low']:+.3f}, {pair['high']:+.3f}]"
    elif not pair["better"] + pair["worse"]:
        difference = "no score changed"
    else:
        difference += " (too few rows)"
    p = "–" if pair["p"] is None else f"{pair['p']:.2f}"
    scores = [f"{pair['without']:.3f}", f"{pair['with_']:.3f}"]
    return [
        name,
        str(pair["rows"]),
        *scores,
        difference,
        str(pair["better"]),
        str(pair["worse"]),
        p,
    ]


def _groups(run: Json) -> Iterator[str]:
    if not any(each["groups"] for each in run["conditions"]):
        return
    metrics = run["metrics"] if run["reader"] else []
    rows = [["level", "rows", "touched", "answer still there", *metrics]]
    for each in run["conditions"]:
        rows += [_group(each["condition"], group, metrics) for group in each["groups"]]
    yield from _table(rows)


def _group(condition: str, group: Json, metrics: Sequence[str]) -> list[str]:
    level = condition not in (NONE, AGAIN)
    cells = [f"{condition}, {group['group']}", str(group["rows"])]
    if level and not group["touched"]:
        return [*cells, "0", *(_UNTOUCHED for _ in ("", *metrics))]
    cells += [str(group["touched"]) if level else "–", _share(group["kept"], group["held"])]
    scores = group["scores"]
    return cells + [f"{scores[name]:.3f}" if name in scores else "–" for name in metrics]


def _table(rows: list[list[str]]) -> Iterator[str]:
    yield _cells(rows[0])
    yield _cells(["---", *("---:" for _ in rows[0][1:])])
    yield from (_cells(row) for row in rows[1:])
    yield ""


def _cells(row: Sequence[str]) -> str:
    return f"| {' | '.join(row)} |"


def _explained(run: Json) -> Iterator[str]:
    levels = [each for each in run["conditions"] if each["condition"] not in (NONE, AGAIN)]
    still = [each["condition"] for each in levels if not each["touched"]]
    if still:
        names = ", ".join(f"`{name}`" for name in still)
        yield f"Nothing is shortened at {names}: every request is the one without, not a tie.\n"
    refused = sum(each["refused"] for each in run["conditions"])
    if refused:
        yield f"{refused} requests were refused by the reader, and are left out of pairs.\n"
    cut = sum(each.get("cut", 0) for each in run["conditions"])
    if cut:
        most = f"{run['answer_tokens']} tokens"
        yield f"{cut} answers went on beyond {most}, and were cut there (`--answer-tokens`).\n"
    yield from (f"{note[0].upper()}{note[1:]}.\n" for note in run["notes"])


def _prompt(run: Json) -> Iterator[str]:
    if not run["reader"]:
        return
    yield "<details><summary>The prompt of the first row</summary>\n"
    yield "```json"
    yield json.dumps([_cut(message) for message in run["prompt"]], indent=1, ensure_ascii=False)
    yield "```\n\n</details>\n"


def _cut(message: Json) -> Json:
    said = message.get("content")
    if not isinstance(said, str) or len(said) <= _EXCERPT:
        return message
    return {**message, "content": f"{said[:_EXCERPT]}… ({len(said)} characters)"}
