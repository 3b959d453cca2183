"""Shortest prefixes that tell ids apart."""

from collections.abc import Iterable


def unique_prefixes(identifiers: Iterable[str], min_length: int = 8) -> dict[str, str]:
    """Maps each id to its shortest unique prefix of at least `min_length` characters."""
    ordered = sorted(set(identifiers))
    prefixes = {}
    for position, identifier in enumerate(ordered):
        neighbours = (*ordered[max(position - 1, 0) : position], *ordered[position + 1 :][:1])
        longest = max((_common_prefix_length(identifier, other) for other in neighbours), default=0)
        prefixes[identifier] = identifier[: max(longest + 1, min_length)]
    return prefixes


def _common_prefix_length(first: str, second: str) -> int:
    """Length of the common prefix of two texts."""
    pairs = zip(first, second, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(first), len(second)))
