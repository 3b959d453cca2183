"""Which repaints wait while a key is being processed."""

import time

from textual.widget import Widget

_MAX_KEY_DELAY = 0.15
"""Maximum seconds for which a key being processed delays other repaints."""


def should_wait_for_key(widget: Widget, painted_at: float) -> bool:
    """Whether a repaint should wait, because a key is being processed.

    Args:
        widget: any widget of the app.
        painted_at: monotonic seconds of its last paint, which limits the delay.
    """
    typing = getattr(widget.app, "typing", False)
    return bool(typing) and time.monotonic() < painted_at + _MAX_KEY_DELAY
