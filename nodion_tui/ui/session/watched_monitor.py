"""A monitor together with the changes that the screen showing it has not taken yet."""

from typing import TYPE_CHECKING

from nodion_tui.ui.session.bridge import ChangeBridge

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

    from nodion_tui.monitor.monitor import Monitor


class WatchedMonitor:
    """A monitor that a screen shows, from creation until `close`.

    Args:
        monitor: what is shown.
        screen: gets one `RunsChanged` for all changes until they are taken.
    """

    def __init__(self, monitor: "Monitor", screen: "MessagePump") -> None:
        self.monitor = monitor
        bridge = ChangeBridge(monitor.runs, screen)
        self.take_changes = bridge.take_changes
        self.close = bridge.close
