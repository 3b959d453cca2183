"""The progress and the cost of a search in words."""

from nodion_tui.model.text.format import count
from nodion_tui.monitor.grep.runs_search import GrepState


def progress_text(state: GrepState) -> str:
    """`searched 34 of 120 runs, 2.1 M lines, 9 found`."""
    words = [f"searched {state.searched:,} of {count(state.total, 'run')}"]
    words += [f"{_short(state.lines)} lines", f"{state.found:,} found"]
    if state.unreadable:
        words.append(f"{state.unreadable:,} cannot be read")
    return ", ".join(words)


def cost_text(state: GrepState, per_minute: float | None) -> str:
    """`12 to fetch, about 24 requests, 1 min`; empty if nothing is to be fetched.

    Args:
        state: of the search.
        per_minute: requests that may be sent; None: any number.
    """
    if not state.to_fetch:
        return ""
    text = f"{state.to_fetch:,} to fetch, about {count(state.requests, 'request')}"
    if per_minute is None:
        return text
    seconds = 60 * state.requests / per_minute
    return f"{text}, {seconds:.0f} s" if seconds < 50 else f"{text}, {seconds / 60:.0f} min"


def _short(number: int) -> str:
    """`950`, `48,213`, `2.1 M`."""
    return f"{number:,}" if number < 1_000_000 else f"{number / 1_000_000:.1f} M"
