"""What the ledger adds up to, said in words, tables, plots and a page."""

from __future__ import annotations

from headroom_wrap.ledger.total import Total, total

__all__ = ["Total", "exit_line", "total"]


def exit_line(sums: Total, *, observed: bool = False, where: str = "") -> str:
    """The line that `wrap` prints when the agent is done."""
    if not sums.requests:
        return "headroom: no request to a model went through"
    would = "would save" if observed else "saved"
    refused = f" ({sums.refused} refused or not answered)" if sums.refused else ""
    requests = f"{sums.requests} request{'s' * (sums.requests != 1)}{refused}"
    if not sums.before and not sums.refused:
        return f"headroom: {requests} · no tool results to shorten"
    parts = [
        requests,
        f"tool results {sums.before:,} → {sums.after:,} tokens",
        f"{would} {sums.tokens_saved:,} ({100 * sums.saved_fraction:.1f} % of all input)",
    ]
    if sums.priced:
        parts.append(f"about ${sums.saved:.4f} of ${sums.billed + sums.saved:.4f}")
    if sums.broken:
        parts.append(f"{sums.broken} CACHE PREFIX BREAKS, see `headroom perf`")
    if where and sums.shortened and not observed:
        parts.append(f"originals: {where}")
    return "headroom: " + " · ".join(parts)
