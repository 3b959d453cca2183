"""What is looked for in a log: the search that runs, and whether only its matches are shown."""

from collections.abc import Iterator

from nodion_tui.monitor.log.json_lines import MAX_LENGTH, looks_like_json
from nodion_tui.monitor.log.search.log_search import LogSearch
from nodion_tui.monitor.log.search.query import SearchQuery
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.ui.log.render.entry_layout import size_note
from nodion_tui.ui.log.screen_rows import matches
from nodion_tui.ui.log.viewport.row_window import EntryRow
from nodion_tui.ui.log.viewport.viewport import LogViewport

MOST_CONTEXT = 99
"""Lines of context around a match at most."""

_PATIENCE = 0.1
"""Seconds that a long line is read ahead to find the match in it."""


class SearchState:
    """Looks for things in one log and takes its reader there."""

    def __init__(self, session: LogSession, reader: LogViewport) -> None:
        self._session = session
        self._reader = reader
        self.search: LogSearch | None = None
        self.only = False
        """Whether only matches are shown, with `context` lines around each."""
        self.context = 0
        self._start = reader.cursor
        self._jump = False
        self._stood: tuple[int, int | None] = (-1, None)

    @property
    def queries(self) -> tuple[SearchQuery, ...]:
        """What is looked for, each inside the ones before it."""
        return self.search.queries if self.search else ()

    @property
    def kept(self) -> tuple[SearchQuery, ...]:
        """What a new search is made inside of: what is looked for where only that is shown."""
        return self.queries if self.only else ()

    def look_for(self, queries: tuple[SearchQuery, ...]) -> LogSearch | None:
        """Look for other things; the nearest match from the cursor on is gone to.

        Returns:
            The search, to be run; None if nothing is looked for any more.

        Raises:
            BadPattern: one is no regular expression.
        """
        self.search = (
            LogSearch(self._session, queries, start=self._reader.cursor) if queries else None
        )
        self._jump = self.search is not None
        self._pick()
        return self.search

    def take_in(self) -> bool:
        """Come to terms with what has been found; True if something was gone to."""
        search = self.search
        if search is None:
            return False
        if self.only:
            self._pick()
        if self._jump and search.nearest_hit is not None:
            self._jump = False
            self.go(search.nearest_hit)
            return True
        return False

    def step(self, *, back: bool) -> None:
        """Go to the next match, or the one before; around the end."""
        if self.search is None:
            return
        find = self.search.previous_hit if back else self.search.next_hit
        hit = find(self._reader.cursor)
        if hit is not None:
            self.go(hit)

    def go(self, hit: int) -> None:
        """Go to a match, sideways too, or to its row of a line that is wrapped."""
        reader = self._reader
        reader.go(hit)
        block = reader.blocks.get(hit)
        for number, line in enumerate(block.lines):
            for left, right in matches(line, 0, line.width_within(_PATIENCE), self.spans):
                if reader.wrap is None:
                    note = sum(len(piece.text) for piece in size_note(line, reader.width))
                    reader.show_columns(left, right + note)
                else:
                    reader.show_row(EntryRow(hit, block.row_at(number, left, reader.wrap)))
                return

    def toggle_only(self) -> None:
        """Show matches only, or everything again; the cursor's line stays where it is."""
        if self.search is None:
            return
        self.only = not self.only
        at, offset = self._stood if not self.only else (-1, None)
        self._stood = (self._reader.cursor, self._reader.offset_of(self._reader.cursor))
        self._pick()
        if at == self._reader.cursor:  # a few matches may not fill the window down to where it was
            self._reader.place(at, offset)

    def widen(self, lines: int) -> None:
        """More lines of context around each match, or fewer."""
        self.context = min(max(self.context + lines, 0), MOST_CONTEXT)
        self._pick()

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where a text is lit."""
        if self.search is not None:
            for matcher in self.search.matchers:
                yield from matcher.spans(text)

    def counted(self) -> str:
        """How many matches there are, and which one the cursor is on."""
        if self.search is None:
            return ""
        state = self.search.state
        more = "" if state.done else f" … {self._percent()} %"
        if self.search.is_hit(self._reader.cursor):
            return f"{self.search.hit_number(self._reader.cursor):,} of {state.count:,}{more}"
        if state.done and not state.count and self._is_pretty():
            return "0 found in the lines as sent (p)"
        return f"{state.count:,} found{more}"

    def _is_pretty(self) -> bool:
        """Whether a line on screen is shown in another form than that which is searched."""
        reader = self._reader
        entries = (reader.buffer.entry(place.index, MAX_LENGTH) for place in reader.page())
        return reader.options.pretty and any(looks_like_json(entry.body) for entry in entries)

    def _percent(self) -> int:
        """How much has been looked at."""
        buffer = self._session.buffer
        searched = self.search.state.searched if self.search else 0
        return 100 * searched // max(1, buffer.end - buffer.first)

    def said(self) -> str:
        """What the footer says of it; empty if nothing is looked for."""
        if self.search is None:
            return ""
        asked = " ".join(f"/{query.text}" for query in self.queries)
        only = f" · only matches{f' ±{self.context}' if self.context else ''}" if self.only else ""
        return f"{asked} {self.counted()}{only}"

    def _pick(self) -> None:
        reader = self._reader
        offset = reader.offset_of(reader.cursor)
        only = self.search if self.only else None
        reader.shown.pick(only.rows(self.context) if only else None)
        reader.place(reader.cursor, offset)
