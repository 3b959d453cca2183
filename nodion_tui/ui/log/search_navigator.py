"""Search state of a log: the running search, and whether only its matches are shown."""

from collections.abc import Iterator

from nodion_tui.monitor.log.search.log_search import LogSearch
from nodion_tui.monitor.log.search.query import SearchQuery
from nodion_tui.monitor.log.shown_log import Renumbering, ShownLog
from nodion_tui.monitor.log.structured.members import MAX_LENGTH
from nodion_tui.ui.log.render.entry_layout import length_note
from nodion_tui.ui.log.render.line_forms import may_be_structured
from nodion_tui.ui.log.screen_rows import match_columns
from nodion_tui.ui.log.viewport.row_window import EntryRow
from nodion_tui.ui.log.viewport.viewport import LogViewport

MAX_CONTEXT = 99
"""Maximum number of context lines around a match."""

_READ_AHEAD_SECONDS = 0.1
"""Seconds spent on reading a long line to find the match in it."""


class SearchNavigator:
    """Searches one log and moves its viewport to matches."""

    def __init__(self, session: ShownLog, viewport: LogViewport) -> None:
        self._session = session
        self._viewport = viewport
        self.search: LogSearch | None = None
        self.only_matches = False
        """Whether only matches are shown, with `context` lines around each."""
        self.context = 0
        self.literal_hint = ""
        """How many lines have a pattern literally that finds nothing; empty if none."""
        self._jump_to_first = False
        self._cursor_before: tuple[int, int | None] = (-1, None)

    @property
    def queries(self) -> tuple[SearchQuery, ...]:
        """The queries, each applied to the matches of the ones before."""
        return self.search.queries if self.search else ()

    @property
    def base_queries(self) -> tuple[SearchQuery, ...]:
        """Queries that a new search narrows: the current ones where only matches are shown."""
        return self.queries if self.only_matches else ()

    def start(self, queries: tuple[SearchQuery, ...], first: int | None = None) -> LogSearch | None:
        """Start a new search; the viewport moves to the nearest match.

        Args:
            queries: of the search.
            first: entry from which on the match is the nearest; None: the cursor's.

        Returns:
            The search, to be run by the caller; None without queries.

        Raises:
            InvalidPattern: a query is not a regular expression.
        """
        start = self._viewport.cursor if first is None else first
        self.search = LogSearch(self._session, queries, start=start) if queries else None
        self._jump_to_first = self.search is not None
        self.literal_hint = ""
        self._apply_filter()
        return self.search

    def close(self) -> None:
        """End the search and show all lines; the viewport does not move."""
        self.search = None
        self._viewport.entries.filter(None)

    def renumber(self, renumbering: Renumbering) -> None:
        """Keep the matches, whose entries have other indexes now."""
        at, offset = self._cursor_before
        self._cursor_before = renumbering(at) if at >= 0 else at, offset
        if self.search is not None:
            self.search.renumber(renumbering)
            only = self.search if self.only_matches else None
            self._viewport.entries.filter(only.rows(self.context) if only else None)

    def apply_results(self) -> bool:
        """Apply new results: filter by them, and go to the first match; whether it went there."""
        search = self.search
        if search is None:
            return False
        if self.only_matches:
            self._apply_filter()
        if not self._jump_to_first or search.nearest_hit is None:
            return False
        self._jump_to_first = False
        self.go_to(search.nearest_hit)
        return True

    def step(self, *, back: bool) -> None:
        """Go to the next or previous match, wrapping around the end."""
        if self.search is None:
            return
        find = self.search.previous_hit if back else self.search.next_hit
        match = find(self._viewport.cursor)
        if match is not None:
            self.go_to(match)

    def go_to(self, match: int) -> None:
        """Go to a match, scrolling horizontally or to its row of a wrapped line."""
        viewport = self._viewport
        viewport.go_to(match)
        layout = viewport.layouts.get(match)
        for number, line in enumerate(layout.lines):
            for left, right in match_columns(
                line, 0, line.measure_within(_READ_AHEAD_SECONDS), self.match_spans
            ):
                if viewport.wrap is None:
                    note = sum(len(segment.text) for segment in length_note(line, viewport.width))
                    viewport.show_columns(left, right + note)
                else:
                    viewport.show_row(
                        EntryRow(match, layout.row_of_column(number, left, viewport.wrap))
                    )
                return

    def toggle_only_matches(self) -> None:
        """Switch between matches only and all lines; the cursor's line keeps its screen row."""
        if self.search is None:
            return
        self.only_matches = not self.only_matches
        at, offset = self._cursor_before if not self.only_matches else (-1, None)
        self._cursor_before = (
            self._viewport.cursor,
            self._viewport.offset_of(self._viewport.cursor),
        )
        self._apply_filter()
        if at == self._viewport.cursor:  # a few matches may not fill the window
            self._viewport.scroll_entry_to(at, offset)

    def change_context(self, lines: int) -> None:
        """Change the number of context lines around each match."""
        self.context = min(max(self.context + lines, 0), MAX_CONTEXT)
        self._apply_filter()

    def match_spans(self, text: str) -> Iterator[tuple[int, int]]:
        """The matches in a text, as character offsets."""
        if self.search is not None:
            for matcher in self.search.matchers:
                yield from matcher.spans(text)

    def match_count(self) -> str:
        """The number of matches, and the one under the cursor; `sent_note` belongs to it."""
        if self.search is None:
            return ""
        state = self.search.state
        more = "" if state.done else f" … {self._percent()} %"
        if self.search.is_hit(self._viewport.cursor):
            return f"{self.search.hit_number(self._viewport.cursor):,} of {state.count:,}{more}"
        if self._has_hint():
            return f"0 matches · {self.literal_hint}"
        return f"{state.count:,} match{'' if state.count == 1 else 'es'}{more}"

    def sent_note(self) -> str:
        """That raw lines are searched, if some are shown otherwise; else empty."""
        if self.search is None or not self._is_pretty():
            return ""
        return f"{' ·' if self._has_hint() else ''} in raw lines (p)"

    def _has_hint(self) -> bool:
        """Whether a search without a match has another one to offer."""
        state = self.search.state if self.search else None
        return bool(state and state.done and not state.count and self.literal_hint)

    def _is_pretty(self) -> bool:
        """Whether a line on screen is displayed differently from the searched raw line."""
        viewport = self._viewport
        entries = (viewport.buffer.entry(row.index, MAX_LENGTH) for row in viewport.visible_rows())
        return viewport.options.pretty and any(may_be_structured(entry.body) for entry in entries)

    def _percent(self) -> int:
        """Searched percentage of the log."""
        buffer = self._session.buffer
        searched = self.search.state.searched if self.search else 0
        return 100 * searched // max(1, buffer.end - buffer.first)

    def summary(self) -> str:
        """The search for the border: queries and matches; empty without a search."""
        if self.search is None:
            return ""
        queries = " ".join(query.shown for query in self.queries)
        return f"{queries} {self.match_count()}"

    def hidden_note(self) -> str:
        """That other lines are hidden, and the context that is not; else empty."""
        if self.search is None or not self.only_matches:
            return ""
        return f"only matches{f' ±{self.context}' if self.context else ''}"

    def _apply_filter(self) -> None:
        viewport = self._viewport
        offset = viewport.offset_of(viewport.cursor)
        only = self.search if self.only_matches else None
        viewport.entries.filter(only.rows(self.context) if only else None)
        viewport.scroll_entry_to(viewport.cursor, offset)
