"""A report as one HTML page that needs nothing else: for a browser, a printer, a phone."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from headroom_wrap.figures import count, money, percent
from headroom_wrap.ledger.total import Total
from headroom_wrap.report.groups import RESULTS, Report
from headroom_wrap.report.style import STYLE
from headroom_wrap.report.words import EMPTY, sentences

_MOST = 30
_HEIGHT = 100.0


@dataclass(frozen=True, slots=True)
class Layer:
    """One colour of a chart: what it shows, and a value per step."""

    name: str
    style: str
    values: Sequence[float]


def rendered(report: Report) -> str:
    """The page."""
    body = [_head(report), _cards(report), _said(report)]
    if report.total.requests:
        body += [_tokens(report), _money(report) if report.total.priced else ""]
        body += [_table(column, found) for column, found in report.by.items() if found]
    else:
        body.append(f"<p>{escape(EMPTY)}</p>")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>headroom · {escape(report.period.words)}</title>\n"
        f"<style>{STYLE}</style></head>\n<body><main>\n"
        + "\n".join(body)
        + "\n</main></body></html>\n"
    )


def _head(report: Report) -> str:
    until = time.strftime("%Y-%m-%d %H:%M", time.localtime(report.period.until))
    observed = " · <b>observed: nothing was changed</b>" if report.observed else ""
    return (
        f"<header><h1>headroom</h1><p>{escape(report.period.words)}, until {until}{observed}</p>"
        "</header>"
    )


def _cards(report: Report) -> str:
    total = report.total
    cards = [
        ("tokens left out", count(total.tokens_saved), f"{percent(total.saved_fraction)} of input"),
        ("net saved", money(total.net), f"of {money(total.without)}"),
        ("read from cache", percent(total.cache_rate), "of the input sent"),
        ("prefix breaks", f"{total.broken:,}", "must be 0"),
    ]
    if not total.priced:
        del cards[1]
    bad = ' class="bad"' if total.broken else ""
    shown = [
        f"<div{bad if name == 'prefix breaks' else ''}><dt>{name}</dt><dd>{value}</dd>"
        f"<small>{note}</small></div>"
        for name, value, note in cards
    ]
    return f'<dl class="cards">{"".join(shown)}</dl>'


def _said(report: Report) -> str:
    rows = [
        f"<tr><th>{escape(heading)}</th><td>{escape(text)}</td></tr>"
        for heading, text in sentences(report)
    ]
    return f'<table class="said">{"".join(rows)}</table>'


def _tokens(report: Report) -> str:
    totals = list(report.steps.values())
    layers = [
        Layer("sent", "sent", [float(total.input or total.after) for total in totals]),
        Layer("left out", "left", [float(max(total.tokens_saved, 0)) for total in totals]),
    ]
    return _chart(f"Input tokens per {report.step}", list(report.steps), layers, count)


def _money(report: Report) -> str:
    totals = list(report.steps.values())
    layers = [
        Layer("billed", "sent", [total.billed for total in totals]),
        Layer("saved, net (estimate)", "left", [max(total.net, 0.0) for total in totals]),
    ]
    chart = _chart(f"US dollars per {report.step}", list(report.steps), layers, money)
    return chart + _growth(report)


def _chart(
    title: str, names: Sequence[str], layers: Sequence[Layer], said: Callable[[float], str]
) -> str:
    """Stacked bars. The drawing is stretched to the page; words stand outside, so they are not."""
    wholes = [sum(values) for values in zip(*(layer.values for layer in layers), strict=True)]
    top = max(wholes, default=0.0) or 1.0
    bars = []
    for at, name in enumerate(names):
        base = _HEIGHT
        words = [f"{layer.name} {said(layer.values[at])}" for layer in layers]
        bars.append(f"<g><title>{escape(name)}: {escape(', '.join(words))}</title>")
        for layer in layers:
            tall = layer.values[at] / top * _HEIGHT
            base -= tall
            if tall > 0:
                bars.append(
                    f'<rect class="{layer.style}" x="{at + 0.1:.1f}" y="{base:.2f}" '
                    f'width=".8" height="{tall:.2f}"/>'
                )
        bars.append("</g>")
    return _figure(title, names, layers, (said(top), "0"), "".join(bars))


def _growth(report: Report) -> str:
    """What was saved so far, as a line."""
    names, sums, whole = list(report.steps), [], 0.0
    for total in report.steps.values():
        whole += total.net
        sums.append(whole)
    top, low = max(*sums, 0.0, 1e-9), min(*sums, 0.0)
    points = [
        f"{at + 0.5:.1f},{_HEIGHT - (value - low) / (top - low) * _HEIGHT:.2f}"
        for at, value in enumerate(sums)
    ]
    line = f'<polyline class="line" points="{" ".join(points)}"/>'
    dots = "".join(
        f'<rect class="hit" x="{at}" y="0" width="1" height="{_HEIGHT:.0f}">'
        f"<title>{escape(name)}: {money(value)}</title></rect>"
        for at, (name, value) in enumerate(zip(names, sums, strict=True))
    )
    layers = [Layer("net saved since the beginning (estimate)", "left", sums)]
    return _figure("Net saved, added up", names, layers, (money(top), money(low)), line + dots)


def _figure(
    title: str,
    names: Sequence[str],
    layers: Sequence[Layer],
    ends: tuple[str, str],
    drawing: str,
) -> str:
    legend = "".join(f'<li><i class="{each.style}"></i>{escape(each.name)}</li>' for each in layers)
    first, last = (names[0], names[-1]) if names else ("", "")
    times = f"<span>{escape(first)}</span>" + (
        f"<span>{escape(last)}</span>" if last != first else ""
    )
    return (
        f"<figure><figcaption>{escape(title)}<ul>{legend}</ul></figcaption>"
        f'<div class="plot"><div class="axis"><span>{ends[0]}</span><span>{ends[1]}</span></div>'
        f'<svg role="img" aria-label="{escape(title)}" viewBox="0 0 {max(len(names), 1)} '
        f'{_HEIGHT:.0f}" preserveAspectRatio="none">{drawing}</svg></div>'
        f'<div class="times">{times}</div></figure>'
    )


def _table(column: str, found: Mapping[str, Total]) -> str:
    results = column in RESULTS
    heads = _RESULT_HEADS if results else _REQUEST_HEADS
    kind = "results" if results else "requests"
    rows = list(found.items())
    shown = rows[-_MOST:] if column == "day" else rows[:_MOST]
    lines = [
        f"<tr><th>{escape(name or '(left as they were)')}</th>"
        + "".join(f"<td>{cell}</td>" for cell in (_result if results else _request)(total))
        + "</tr>"
        for name, total in shown
    ]
    more = f"<p>… {len(rows) - len(shown)} more</p>" if len(rows) > len(shown) else ""
    head = "".join(f"<th>{name}</th>" for name in heads)
    return (
        f'<section><h2>By {escape(column)}</h2><div class="wide"><table class="{kind}">'
        f"<thead><tr><th></th>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>{more}</section>"
    )


_REQUEST_HEADS = (
    "requests",
    "input",
    "left out",
    "of input",
    "cache",
    "breaks",
    "billed",
    "without",
    "net",
)
_RESULT_HEADS = ("results", "shortened", "before", "after", "shorter by", "fetched again")


def _request(total: Total) -> list[str]:
    priced = total.priced > 0
    return [
        f"{total.requests:,}",
        count(total.input),
        count(total.tokens_saved),
        percent(total.saved_fraction),
        percent(total.cache_rate) if total.input else "–",
        f"{total.broken:,}",
        *(money(each) if priced else "–" for each in (total.billed, total.without, total.net)),
    ]


def _result(total: Total) -> list[str]:
    gone = 1 - total.first_after / total.first_before if total.first_before else 0.0
    return [
        f"{total.results:,}",
        f"{total.shortened:,}",
        count(total.first_before),
        count(total.first_after),
        percent(gone),
        f"{total.again:,}",
    ]
