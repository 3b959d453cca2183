"""Keys that change how logs are displayed, whether one is shown or not."""

from collections.abc import Callable
from dataclasses import replace

from nodion_tui.ui.log.render.display_options import DisplayOptions, TimestampMode


class LogDisplayActions:
    """Actions that change the display options of all logs.

    Args:
        apply: applies options to the log that is shown.
        show_message: says what the timestamps are now.
    """

    def __init__(
        self, apply: Callable[[DisplayOptions], None], show_message: Callable[[str], None]
    ) -> None:
        self.options = DisplayOptions()
        self._apply = apply
        self._show_message = show_message

    def set_options(self, options: DisplayOptions) -> None:
        """Set all options."""
        self.options = options
        self._apply(options)

    def action_log_wrap(self) -> None:
        """Toggle wrapping of long lines."""
        self.set_options(replace(self.options, wrap=not self.options.wrap))

    def action_log_stamps(self) -> None:
        """Switch to the next timestamp format."""
        mode = self.options.timestamps.next
        self.set_options(replace(self.options, timestamps=mode))
        hint = ": m sets one, until then since start" if mode is TimestampMode.MARK else ""
        self._show_message(f"times: {mode}{hint}")

    def action_log_public(self) -> None:
        """Hide the lines that are not public, or show them again."""
        self.set_options(replace(self.options, public_only=not self.options.public_only))

    def action_log_pretty(self) -> None:
        """Toggle abbreviation of structured lines."""
        self.set_options(replace(self.options, pretty=not self.options.pretty))
