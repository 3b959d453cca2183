"""A compiled line pattern, and a quick check whether a text of many lines may match it."""

from nodion_tui.model.line_pattern import LinePattern
from nodion_tui.monitor.log.patterns.line_batch import LineBatch, folded
from nodion_tui.monitor.log.search.query import Matcher, SearchQuery, required_literals

BATCH_SECONDS = 0.25
"""Time limit of a pattern on a batch; then its lines are read one by one."""
_FREQUENT = " etaoinsrhldcum0123456789.:-/=fpgwybvTINEOFARDSxkjqz"
"""Characters of typical log lines, the most frequent ones first; all others are rarer."""


class CompiledPattern:
    """A pattern that can be held against lines.

    Raises:
        InvalidPattern: its expression is not valid.
    """

    def __init__(self, pattern: LinePattern) -> None:
        self.pattern = pattern
        # A pattern is not negated: the exclamation mark stands for itself.
        text = f"\\{pattern.regex}" if pattern.regex.startswith("!") else pattern.regex
        query = SearchQuery(text)
        self.matcher = Matcher(query)
        self._ignores_case = query.ignores_case
        literals = ((query.plain,),) if query.is_plain else required_literals(query.pattern)
        fold = folded if query.ignores_case else str
        self._probes = tuple(_probes(tuple(map(fold, texts))) for texts in literals)
        """For each alternative what has to be in a text, what is found the fastest first."""
        self._is_ascii = all(probe.isascii() for probes in self._probes for probe in probes)

    def may_match(self, batch: LineBatch) -> bool:
        """Whether a line of a batch may match; a few microseconds for a thousand lines."""
        if not self._probes or batch.is_edited or not (self._is_ascii or batch.is_ascii):
            return True
        text = batch.folded if self._ignores_case else batch.text
        for probes in self._probes:
            for probe in probes:
                if probe not in text:
                    break
            else:
                return True
        return False

    def occurs(self, batch: LineBatch) -> bool:
        """Whether the expression matches in a batch, as far as that can be told at once.

        True where its lines must be read one by one to know. Takes longer than `may_match`, and
        lets other threads run meanwhile.
        """
        expression = self.matcher.text_pattern
        if expression is None or batch.is_edited or not batch.is_ascii:
            return True
        try:
            return expression.search(batch.text, timeout=BATCH_SECONDS, concurrent=True) is not None
        except TimeoutError:
            return True


def _probes(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Some texts, and before them the rarest character of each.

    A single character is found, or not, ten times as fast as a text.
    """
    rarest = (_rarest(text) for text in texts)
    return (*dict.fromkeys(filter(None, rarest)), *texts)


def _rarest(text: str) -> str:
    """The character of a text that is least frequent in logs; empty for an empty text."""
    rank = {character: number for number, character in enumerate(_FREQUENT)}
    return max(text, key=lambda each: rank.get(each, len(_FREQUENT)), default="")
