"""Matches what is typed against the beginnings of words, best match first.

`textual.fuzzy` was weighed: it finds the letters of a query anywhere, so that `etl` offers
"Healthcheck", and reads candidates as markup.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise, takewhile
from typing import NamedTuple

from textual.content import Content

_WORD_START = re.compile(r"(?<![^\W_])[^\W_]|(?<=[a-zß-ÿ])[A-Z]")
"""A letter or digit after another character, or a capital after a small letter."""
_MAX_QUERY, _MAX_TEXT = 60, 200
"""Characters that are compared."""
_JUMP_COST, _OFFSET_COST, _LENGTH_COST = 0.25, 0.01, 0.001


class WordMatch(NamedTuple):
    """A match of a query in a text."""

    score: float
    """From 0 to 1; higher is better."""
    offsets: tuple[int, ...]
    """The matched characters, ascending."""

    def highlighted(self, text: str, style: str = "bold") -> Content:
        """The text with the matched characters in a style."""
        content = Content(text)
        for offset in self.offsets:
            content = content.stylize(style, offset, offset + 1)
        return content


def match_words(query: str, text: str) -> WordMatch | None:
    """Match each word of a query with beginnings of words of a text, in any order.

    `net`, `nightly` and `etl ni` match "Nightly ETL"; `ight` does not.

    Returns:
        None if a word of the query does not match; a match without characters for no query.
    """
    terms = query[:_MAX_QUERY].lower().split()
    lowered = text[:_MAX_TEXT].lower()
    if len(lowered) != min(
        len(text), _MAX_TEXT
    ):  # such as "İ", which has two characters in lower case
        lowered = text[:_MAX_TEXT]
    starts = [match.start() for match in _WORD_START.finditer(text, 0, _MAX_TEXT)]
    offsets: set[int] = set()
    cost = 0.0
    for term in terms:
        found = _Alignment(term, lowered, starts).find()
        if found is None:
            return None
        offsets.update(found)
        jumps = sum(after != before + 1 for before, after in pairwise(found))
        cost += _JUMP_COST * jumps + _OFFSET_COST * found[0]
    return WordMatch(1 / (1 + cost + _LENGTH_COST * len(text)), tuple(sorted(offsets)))


class _Alignment:
    """Reads one term as pieces that each begin a word, the longest piece first."""

    def __init__(self, term: str, text: str, starts: Sequence[int]) -> None:
        self._term = term
        self._text = text
        self._starts = starts
        self._known: dict[tuple[int, int], tuple[int, ...] | None] = {}

    def find(self, begin: int = 0, position: int = 0) -> tuple[int, ...] | None:
        """Offsets of the term's characters from `begin` on, in the text from `position` on."""
        if begin == len(self._term):
            return ()
        key = begin, position
        if key not in self._known:
            self._known[key] = self._search(begin, position)
        return self._known[key]

    def _search(self, begin: int, position: int) -> tuple[int, ...] | None:
        for start in self._starts[bisect_left(self._starts, position) :]:
            for length in range(self._common_length(begin, start), 0, -1):
                rest = self.find(begin + length, start + length)
                if rest is not None:
                    return (*range(start, start + length), *rest)
        return None

    def _common_length(self, begin: int, start: int) -> int:
        pairs = zip(self._term[begin:], self._text[start:], strict=False)
        return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
