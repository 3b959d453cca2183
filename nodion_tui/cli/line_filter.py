"""Which lines of a log a command prints."""

from typing import TYPE_CHECKING, Any

import click

from nodion_tui.cli.log_window import LineFilter
from nodion_tui.model.log_line import LogLine
from nodion_tui.monitor.log.level import LogLevel

if TYPE_CHECKING:
    from nodion_tui.monitor.log.search.query import Matcher


class PatternType(click.ParamType["Matcher"]):
    """Pattern of the dashboard's search."""

    name = "pattern"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> "Matcher":
        """Parses the typed value."""
        from nodion_tui.monitor.log.search.query import (  # noqa: PLC0415  # `regex` is slow to import
            InvalidPattern,
            Matcher,
            SearchQuery,
        )

        try:
            return Matcher(SearchQuery(value))
        except InvalidPattern as error:
            self.fail(str(error), param, ctx)


grep_option = click.option(
    "--grep",
    "pattern",
    type=PatternType(),
    metavar="REGEX",
    help="Print only the lines that a search of the dashboard finds; '!REGEX' excludes.",
)


level_option = click.option(
    "--level",
    type=click.Choice([level.name.lower() for level in LogLevel], case_sensitive=False),
    help="Print only lines of this level and above, as the dashboard colors them.",
)


def line_filter(pattern: "Matcher | None", level: str | None = None) -> LineFilter | None:
    """The filter of a command's options; None if it prints all lines.

    A line without a level, such as a frame of a stack trace, has no level that is high enough.

    Raises:
        PatternTooSlow: by the filter, if the pattern takes too long on a line.
    """
    if pattern is None and level is None:
        return None
    # Slow imports, of which a command that prints all lines needs none.
    from nodion_tui.monitor.log.levels.judge import detect_level  # noqa: PLC0415
    from nodion_tui.monitor.log.line.reader import shown_text  # noqa: PLC0415

    minimum = LogLevel[level.upper()] if level else None

    def is_wanted(line: LogLine) -> bool:
        text = shown_text(line.body)
        if minimum is not None and (detect_level(text) or 0) < minimum:
            return False
        return pattern is None or pattern.selects(text)

    return is_wanted
