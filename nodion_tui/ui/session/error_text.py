"""The only presenter of errors: what goes to a toast, to the title bar, to the notice line."""

from textual.app import App

from nodion_tui.model.errors import InputError, KeyRejected, NodionError, TooManyRequests
from nodion_tui.model.sanitize import sanitize

READ_ONLY = "This session is read-only: the profile says so, or the key lacks the scope."


def toast(app: App[object], error: NodionError) -> None:
    """A failed action: what happened, this time's words, and what to do next."""
    lines = [error.detail if error.detail != error.title else "", error.hint]
    app.notify(
        sanitize("  ".join(line for line in lines if line)) or error.title,
        title=error.title,
        severity="warning" if isinstance(error, InputError) else "error",
        timeout=8,
        markup=False,
    )


def short_text(error: NodionError) -> str:
    """Two or three words for the title bar."""
    if isinstance(error, KeyRejected):
        return "key rejected"
    if isinstance(error, TooManyRequests):
        return "asked to wait"
    return "no answer" if error.retryable else "refused"


def full_text(error: NodionError) -> str:
    """Everything on one line, for the notice line."""
    parts = (error.title, error.detail if error.detail != error.title else "", error.hint)
    return sanitize(" · ".join(part.rstrip(".") for part in parts if part))
