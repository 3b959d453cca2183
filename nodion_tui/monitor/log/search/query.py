r"""What is looked for in a log: a regular expression with smart case, `!` in front negates.

A query in lower case finds upper case too; one capital letter makes it exact (`\S` is no capital).
A pattern without any of ``\ . ^ $ * + ? { } [ ] | ( )`` is plain text, and found fastest.
"""

import re

import msgspec
import regex

from nodion_tui.model.errors import NodionError

LINE_TIMEOUT_SECONDS = 0.25
"""How long a pattern may take on one line."""
_SHOWN_SECONDS = 0.02
"""How long it may take to light the matches of one line on screen."""
_MOST_SPANS = 1000
_REMEMBERED = 30
"""Searches that are remembered from one start to the next."""
_LONGEST = 200
"""Characters of a search that is."""
_SPECIAL = regex.compile(r"[\\.^$*+?{}\[\]|()]")
_ESCAPED = regex.compile(r"\\.|\(\?P?<\w+>|\(\?\w+[:)]", regex.DOTALL)
_CROSSES_LINES = regex.compile(
    r"\\[AZzGKRXn\d]|\\[pPN]\{|\(\?(?!:|P?<\w)|\(\*|[*+?}]\+|\\[xuU]|\[\[", regex.DOTALL
)
"""Syntax whose meaning may differ between one line and a text of many lines."""
MIN_LENGTH = 3
"""Characters; shorter texts are in too many lines to be of use."""
_LONGER = frozenset("xuUNpPgkLQ01234567")
"""Escapes that what follows belongs to, such as `\\x41`."""
_TOKEN = re.compile(
    r"\\(?P<plain>[^\w\s])|\\(?P<escape>.)|(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])"
    r"|(?P<gone>[*?]|\{[^}]*\})|(?P<repeated>\+)|(?P<any>[.^$])|(?P<or>\|)|(?P<other>[()\[\\{])"
    r"|(?P<literal>.)",
    re.DOTALL,
)


class InvalidPattern(NodionError):
    """What was typed is no regular expression; `detail` says where."""

    title = "Not a regular expression"
    hint = "Put a \\ before ( ) [ ] . * + ? to mean the character itself."


class PatternTooSlow(NodionError):
    """The pattern takes too long on a line of this log."""

    title = "The pattern takes too long"
    hint = "Repetitions inside repetitions, as in (a|a)+, are the usual reason."


class SearchQuery(msgspec.Struct, frozen=True):
    """What was typed into the search box."""

    text: str
    literal: bool = False
    """Take every character for itself."""

    @property
    def negated(self) -> bool:
        r"""Whether lines without a match are meant: `!` in front (`\!` is a plain one)."""
        return len(self.text) > 1 and self.text.startswith("!")

    @property
    def pattern(self) -> str:
        """The regular expression, without the `!`."""
        text = self.text[1:] if self.negated else self.text
        return regex.escape(text, literal_spaces=True) if self.literal else text

    @property
    def ignores_case(self) -> bool:
        """Smart case: whether there is no capital letter in it."""
        bare = self.text if self.literal else _ESCAPED.sub("", self.text)
        return bare == bare.lower()

    @property
    def is_plain(self) -> bool:
        """Whether it means nothing but its own characters."""
        return self.literal or not _SPECIAL.search(self.text)

    @property
    def plain(self) -> str:
        """Its own characters, where `is_plain`."""
        return self.text[1:] if self.negated else self.text


class Matcher:
    """A query made ready to find.

    Args:
        query: what to find.

    Raises:
        BadPattern: it is no regular expression.
    """

    def __init__(self, query: SearchQuery) -> None:
        self.query = query
        self.negated = query.negated
        self.bytes_pattern: regex.Pattern[bytes] | None = None
        """For the UTF-8 of many lines; None where that would not be the same."""
        self.needle = b""
        """The bytes of a plain text that `in_bytes` looks for, in lower case if case is ignored."""
        self.ascii_only = False
        """Whether `in_bytes` is right for ASCII alone."""
        self.required_literals: tuple[tuple[regex.Pattern[bytes], ...], ...] = ()
        """Plain texts: a line with a match has all of one of these; empty where none are known."""
        self.text_pattern: regex.Pattern[str] | None = None
        """For a text of many lines; None where the pattern may only see a line alone."""
        flags = regex.MULTILINE | (regex.IGNORECASE if query.ignores_case else 0)
        try:
            self._text = regex.compile(query.pattern, flags)
            if query.is_plain or not _CROSSES_LINES.search(query.pattern):
                self.text_pattern = self._text
                self._for_bytes(flags)
        except regex.error as error:
            raise InvalidPattern(str(error)) from None
        if not query.is_plain and query.pattern.isascii():
            self.required_literals = tuple(
                tuple(regex.compile(regex.escape(text).encode(), flags) for text in texts)
                for texts in required_literals(query.pattern)
            )

    def _for_bytes(self, flags: int) -> None:
        """A plain text is the same in UTF-8, unless letters beyond ASCII have two cases."""
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
        """Whether a line has what is looked for; `negated` is not regarded.

        Raises:
            PatternTooSlow: it takes longer than `seconds`.
        """
        try:
            return self._text.search(line, timeout=seconds, concurrent=True) is not None
        except TimeoutError:
            raise PatternTooSlow(f"gave up after {seconds:g} s on one line") from None

    def spans(self, line: str) -> list[tuple[int, int]]:
        """Where to light a line that is shown: (start, end) of each match; empty ones left out.

        Nothing is lit for a negated query, nor where that takes longer than a frame.
        """
        spans: list[tuple[int, int]] = []
        if self.negated:
            return spans
        try:
            for found in self._text.finditer(line, timeout=_SHOWN_SECONDS):
                if found.end() > found.start():
                    spans.append(found.span())
                if len(spans) == _MOST_SPANS:
                    break
        except TimeoutError:
            return []
        return spans


class SearchHistory(msgspec.Struct, frozen=True):
    """What was searched for, newest first, each once."""

    entries: tuple[str, ...] = ()
    limit: int = 100

    def add(self, text: str) -> "SearchHistory":
        """The history with this search in front; empty ones are not kept."""
        if not text:
            return self
        kept = (text, *(entry for entry in self.entries if entry != text))
        return SearchHistory(kept[: self.limit], self.limit)

    @classmethod
    def parse(cls, text: str) -> "SearchHistory":
        """The history that `format` gave."""
        return cls(tuple(dict.fromkeys(line for line in text.split("\n") if line))[:_REMEMBERED])

    def format(self) -> str:
        """The newest, one a line, to be remembered."""
        short = (entry for entry in self.entries if len(entry) <= _LONGEST and "\n" not in entry)
        return "\n".join(list(short)[:_REMEMBERED])

    def older(self, position: int | None, prefix: str = "") -> int | None:
        """The next position further back (↑) whose entry begins so; None if there is none."""
        start = 0 if position is None else position + 1
        return next(
            (n for n in range(start, len(self.entries)) if self.entries[n].startswith(prefix)), None
        )

    def newer(self, position: int, prefix: str = "") -> int | None:
        """The next position further forward (↓) whose entry begins so; None: back to typing."""
        return next(
            (n for n in range(position - 1, -1, -1) if self.entries[n].startswith(prefix)), None
        )


def required_literals(pattern: str) -> tuple[tuple[str, ...], ...]:
    """For each alternative of a pattern the texts that its matches contain, all of them.

    Returns:
        Nothing where that cannot be told: groups, or an alternative without such a text.
    """
    alternatives: list[list[str]] = [[""]]
    for token in _TOKEN.finditer(pattern):
        runs = alternatives[-1]
        kind = token.lastgroup
        if kind == "other" or token["escape"] in _LONGER:
            return ()
        if kind == "or":
            alternatives.append([""])
        elif kind in {"plain", "literal"}:
            runs[-1] += token[kind]
        else:
            if kind == "gone":
                # What may be there no time at all is not required.
                runs[-1] = runs[-1][:-1]
            runs.append("")
    texts = tuple(tuple(run for run in runs if len(run) >= MIN_LENGTH) for runs in alternatives)
    return texts if all(texts) else ()
