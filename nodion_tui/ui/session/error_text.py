"""Texts of errors for toasts, title bar and notice line; the only place that words them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from textual.app import App

from nodion_tui.config import Profile
from nodion_tui.model.errors import (
    ApiError,
    InputError,
    KeyRejected,
    NodionError,
    NoKey,
    TooManyRequests,
    UnexpectedResponse,
)
from nodion_tui.model.text.sanitize import sanitize

if TYPE_CHECKING:
    from nodion_tui.monitor.account import Account
    from nodion_tui.monitor.monitor import Monitor
    from nodion_tui.monitor.runs.run_control import RunControl


class ActionPlace(Protocol):
    """Where runs are started and stopped: one profile."""

    @property
    def profile(self) -> Profile:
        """Its profile."""

    @property
    def named_profile(self) -> Profile | None:
        """Its profile, where titles name it; None where there is only one."""

    @property
    def run_control(self) -> "RunControl":
        """Sends the requests."""


def disabled_reason(place: ActionPlace) -> str:
    """Why nothing can be started or stopped there; empty if it can."""
    if not place.run_control.read_only:
        return ""
    subject = sanitize(place.named_profile.name) if place.named_profile else "This session"
    if place.profile.read_only:
        return f"{subject} is read-only: the configuration says so."
    return f"{subject} is read-only: its key may not start or stop runs."


def toast(app: App[object], error: NodionError, *, where: str = "") -> None:
    """Show a failed action as a toast: title, detail and hint.

    Args:
        app: shows it.
        error: what failed.
        where: the profile, where there are several.
    """
    _, *more = error_lines(error)
    app.notify(
        sanitize("  ".join(more)) or error.title,
        title=f"{where}: {error.title}" if where else error.title,
        severity="warning" if isinstance(error, InputError) else "error",
        timeout=8,
        markup=False,
    )


def short_text(error: NodionError) -> str:
    """Two or three words, for the title bar."""
    if isinstance(error, KeyRejected):
        return "invalid API key"
    if isinstance(error, NoKey):
        return "no API key"
    if isinstance(error, TooManyRequests):
        return "rate limited"
    return "unreachable" if error.retryable else "refused"


def list_reason(error: NodionError) -> str:
    """Why a list cannot be read, for the title bar: `403`, `unexpected response`."""
    if isinstance(error, UnexpectedResponse) and error.status < 400:
        return "unexpected response"
    return str(error.status) if isinstance(error, ApiError) else short_text(error)


def error_lines(error: NodionError) -> tuple[str, ...]:
    """Title, detail and hint, without what says nothing more."""
    detail = error.detail_beside(error.title, error.hint)
    return tuple(line for line in (error.title, detail, error.hint) if line)


def full_text(error: NodionError) -> str:
    """Title, detail and hint on one line, for the notice line."""
    return sanitize(" · ".join(line.rstrip(".") for line in error_lines(error)))


def why_not_listed(monitor: "Monitor", waiting: str) -> Iterator[str]:
    """Why no account lists its runners yet: what went wrong, or what is waited for."""
    for account in monitor.accounts:
        name = f"{account.name}: " if monitor.has_several else ""
        yield f"{name}{account_text(account, account.error) if account.error else waiting}"


def account_text(account: "Account", error: NodionError) -> str:
    """What keeps an account from being current, and what mends it."""
    if isinstance(error, KeyRejected):
        return f"{error.title} · {_key_advice(account.profile)}"
    return full_text(error)


def _key_advice(profile: Profile) -> str:
    """How another key gets here; `key_action` is the word for what r does."""
    source = profile.key_source
    if source is None:
        return "Press r to enter another key"
    name = sanitize(str(source))
    if source.kind == "environment":
        return f"Set {name} to a valid key and start again"
    if source.kind == "command":
        return f"Press r to read the key of {name} again"
    return f"Put a valid key into {name}; r reads the key at once"


def key_action(monitor: "Monitor | None") -> str:
    """What r does about a rejected key, for the footer; empty if none is rejected."""
    if monitor is None or not monitor.accounts.key_rejected:
        return ""
    rejected = [account.profile for account in monitor.accounts if account.key_rejected]
    asks = any(profile.key_source is None for profile in rejected)
    return "enter key" if asks else "read key"


def sending_text(error: NodionError) -> str:
    """Whether a request to start or stop a run was sent, then what went wrong, on one line."""
    return f"{error.delivery.capitalize()}: {full_text(error)}"


def read_only_reason(profile: Profile) -> str:
    """Why a profile cannot start or stop runs; empty if it can."""
    if not profile.read_only:
        return ""
    return f"Profile {profile.name} is read-only: runs cannot be started or stopped"
