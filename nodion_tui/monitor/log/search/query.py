r"""Search queries: a regular expression with smart case; a leading `!` negates it.

A query in lower case also matches upper case; one capital letter makes it case-sensitive (`\S` is
no capital). A pattern without any of ``\ . ^ $ * + ? { } [ ] | ( )`` is plain text, and fastest.
"""

import re
import unicodedata

import msgspec
import regex

from nodion_tui.model.errors import NodionError

LINE_TIMEOUT_SECONDS = 0.25
"""Time limit of a pattern on one line."""
_HIGHLIGHT_TIMEOUT_SECONDS = 0.02
"""Time limit for highlighting the matches of one line on the screen."""
_MAX_SPANS = 1000
_MAX_STORED = 30
"""Searches stored between two starts."""
_MAX_STORED_LENGTH = 200
"""Maximum characters of a stored search."""
_SPECIAL = regex.compile(r"[\\.^$*+?{}\[\]|()]")
_ESCAPED = regex.compile(r"\\.|\(\?P?<\w+>|\(\?\w+[:)]", regex.DOTALL)
_CROSSES_LINES = regex.compile(
    r"\\[AZzGKRXn\d]|\\[pPN]\{|\(\?(?!:|P?<\w)|\(\*|[*+?}]\+|\\[xuU]|\[\[", regex.DOTALL
)
"""Syntax that may match differently in one line and in a text of many lines."""
MIN_LENGTH = 3
"""Characters; shorter texts occur in too many lines to be useful."""
_LONG_ESCAPES = frozenset("xuUNpPgkLQ01234567")
r"""Escapes that include the following characters, such as `\\x41`."""
_TOKEN = re.compile(
    r"\\(?P<plain>[^\w\s])|\\(?P<escape>.)|(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])"
    r"|(?P<gone>[*?]|\{[^}]*\})|(?P<repeated>\+)|(?P<any>[.^$])|(?P<or>\|)|(?P<other>[()\[\\{])"
    r"|(?P<literal>.)",
    re.DOTALL,
)


class InvalidPattern(NodionError):
    """The query is not a valid regular expression; `detail` says where."""

    title = "Invalid regular expression"
    hint = "Put a \\ before ( ) [ ] . * + ? to match the character itself."


class PatternTooSlow(NodionError):
    """The pattern exceeds its time limit on a line of this log."""

    title = "Pattern too slow"
    hint = "Nested repetitions such as (a|a)+ are the usual cause."


class SearchQuery(msgspec.Struct, frozen=True):
    """The text of the search box."""

    text: str
    literal: bool = False
    """Match every character literally."""

    @property
    def shown(self) -> str:
        """The query for a status line: `/pattern`, or `"literal text"`."""
        return f'"{self.text}"' if self.literal else f"/{self.text}"

    @property
    def as_literal(self) -> "SearchQuery | None":
        """The same text read literally; None if that is how it is read already."""
        return None if self.is_plain else SearchQuery(self.text, literal=True)

    @property
    def negated(self) -> bool:
        r"""Whether lines without a match are wanted: `!` in front (`\!` is a literal one)."""
        return len(self.text) > 1 and self.text.startswith("!")

    @property
    def pattern(self) -> str:
        """The regular expression, without the `!`."""
        text = self.plain
        return regex.escape(text, literal_spaces=True) if self.literal else text

    @property
    def ignores_case(self) -> bool:
        """Smart case: whether it contains no capital letter."""
        unescaped = self.text if self.literal else _ESCAPED.sub("", self.text)
        return unescaped == unescaped.lower()

    @property
    def is_plain(self) -> bool:
        """Whether it is plain text without special characters."""
        return self.literal or not _SPECIAL.search(self.text)

    @property
    def plain(self) -> str:
        """The text without the `!`, in NFC as the text that is shown; plain if `is_plain`."""
        return unicodedata.normalize("NFC", self.text[1:] if self.negated else self.text)


class Matcher:
    """A compiled query.

    Raises:
        InvalidPattern: it is not a valid regular expression.
    """

    def __init__(self, query: SearchQuery) -> None:
        self.query = query
        self.negated = query.negated
        self.bytes_pattern: regex.Pattern[bytes] | None = None
        """For the UTF-8 of many lines; None if that would not be equivalent."""
        self.needle = b""
        """The plain text that `bytes_pattern` matches, in lower case if case is ignored."""
        self.ascii_only = False
        """Whether `bytes_pattern` is correct for ASCII only."""
        self.required_literals: tuple[tuple[regex.Pattern[bytes], ...], ...] = ()
        """Plain texts; a matching line contains all of one of these tuples. Empty if unknown."""
        self.text_pattern: regex.Pattern[str] | None = None
        """For a text of many lines; None if the pattern must be applied line by line."""
        flags = regex.MULTILINE | (regex.IGNORECASE if query.ignores_case else 0)
        try:
            self._text = regex.compile(query.pattern, flags)
            if query.is_plain or not _CROSSES_LINES.search(query.pattern):
                self.text_pattern = self._text
                self._compile_bytes(flags)
        except regex.error as error:
            raise InvalidPattern(str(error)) from None
        if not query.is_plain and query.pattern.isascii():
            self.required_literals = tuple(
                tuple(regex.compile(regex.escape(text).encode(), flags) for text in texts)
                for texts in required_literals(query.pattern)
            )

    def _compile_bytes(self, flags: int) -> None:
        """Compile the bytes pattern. UTF-8 is equivalent, except for cased letters beyond ASCII."""
        query = self.query
        if query.is_plain and not (query.ignores_case and not query.plain.isascii()):
            self.needle = query.plain.encode("utf-8", "surrogatepass")
            self.bytes_pattern = regex.compile(
                regex.escape(self.needle, literal_spaces=True), flags
            )
        elif query.pattern.isascii():
            self.bytes_pattern = regex.compile(query.pattern.encode(), flags)
            self.ascii_only = True

    def matches(self, line: str, seconds: float = LINE_TIMEOUT_SECONDS) -> bool:
        """Whether a line matches, ignoring `negated`.

        Raises:
            PatternTooSlow: it takes longer than `seconds`.
        """
        try:
            return self._text.search(line, timeout=seconds, concurrent=True) is not None
        except TimeoutError:
            raise PatternTooSlow(f"timed out after {seconds:g} s on one line") from None

    def selects(self, line: str) -> bool:
        """Whether a line is wanted: it matches, or does not if the query is `negated`.

        Raises:
            PatternTooSlow: it takes too long.
        """
        return self.matches(line) is not self.negated

    def spans(self, line: str) -> list[tuple[int, int]]:
        """Ranges to highlight in a line: (start, end) of each match, empty ones excluded.

        Nothing is highlighted for a negated query, nor if matching takes longer than a frame.
        """
        spans: list[tuple[int, int]] = []
        if self.negated:
            return spans
        try:
            for match in self._text.finditer(line, timeout=_HIGHLIGHT_TIMEOUT_SECONDS):
                if match.end() > match.start():
                    spans.append(match.span())
                if len(spans) == _MAX_SPANS:
                    break
        except TimeoutError:
            return []
        return spans


class SearchHistory(msgspec.Struct, frozen=True):
    """Past searches, newest first, without duplicates."""

    entries: tuple[str, ...] = ()
    limit: int = 100

    def add(self, text: str) -> "SearchHistory":
        """The history with this search first; empty ones are ignored."""
        if not text:
            return self
        entries = (text, *(entry for entry in self.entries if entry != text))
        return SearchHistory(entries[: self.limit], self.limit)

    @classmethod
    def parse(cls, text: str) -> "SearchHistory":
        """The history from the output of `format`."""
        return cls(tuple(dict.fromkeys(line for line in text.split("\n") if line))[:_MAX_STORED])

    def format(self) -> str:
        """The newest searches, one per line, to be stored."""
        short = (
            entry
            for entry in self.entries
            if len(entry) <= _MAX_STORED_LENGTH and "\n" not in entry
        )
        return "\n".join(list(short)[:_MAX_STORED])

    def older(self, position: int | None, prefix: str = "") -> int | None:
        """The next older position (↑) whose entry has this prefix; None if there is none."""
        start = 0 if position is None else position + 1
        return next(
            (n for n in range(start, len(self.entries)) if self.entries[n].startswith(prefix)), None
        )

    def newer(self, position: int, prefix: str = "") -> int | None:
        """The next newer position (↓) whose entry has this prefix; None: back to the typed text."""
        return next(
            (n for n in range(position - 1, -1, -1) if self.entries[n].startswith(prefix)), None
        )


def required_literals(pattern: str) -> tuple[tuple[str, ...], ...]:
    """For each alternative of a pattern all texts that its matches contain.

    Returns:
        Nothing if unknown: groups, or an alternative without such a text.
    """
    alternatives: list[list[str]] = [[""]]
    for token in _TOKEN.finditer(pattern):
        runs = alternatives[-1]
        kind = token.lastgroup
        if kind == "other" or token["escape"] in _LONG_ESCAPES:
            return ()
        if kind == "or":
            alternatives.append([""])
        elif kind in {"plain", "literal"}:
            runs[-1] += token[kind]
        else:
            if kind == "gone":
                # What may occur zero times is not required.
                runs[-1] = runs[-1][:-1]
            runs.append("")
    texts = tuple(tuple(run for run in runs if len(run) >= MIN_LENGTH) for runs in alternatives)
    return texts if all(texts) else ()
