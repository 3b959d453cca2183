"""What can go wrong, as one tree.

Each error knows how to speak to a person: a `title` (what happened), a `detail` (this time), a
`hint` (what to do next), and whether asking again by itself is worth it (`retryable`).

    NodionError
    ├── ConfigError             a setting is missing or wrong (names file, line and key)
    │   └── NoKey               no key could be had: none configured, or its source gives none
    ├── ReadOnly                the profile forbids triggers and stops: nothing was sent
    ├── InputError              what was typed cannot be sent; messages by field
    ├── NotReachable            no connection was made: nothing was sent
    ├── ConnectionLost          the connection broke or fell silent after bytes had left
    ├── OutcomeUnknown          a trigger or stop left, and no answer came that settles it
    └── ApiError                the service answered, but not with what was asked for
        ├── BadRequest          400, 422: messages by field
        ├── NotAllowed
        │   ├── KeyRejected     401: key wrong or expired
        │   └── ScopeMissing    403: key lacks the scope
        ├── ResourceNotFound    404, 410
        ├── TooManyRequests     429: carries `retry_after`
        ├── ServerError         5xx: may carry `retry_after`
        └── UnexpectedResponse  a status, media type or body that the contract does not have
"""

from collections.abc import Mapping
from typing import ClassVar


class NodionError(Exception):
    """The root: anything that nodion-tui itself reports to a person."""

    title: ClassVar[str] = "Something went wrong"
    hint: str = ""
    retryable: ClassVar[bool] = False

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        """What happened this time, in one sentence; never holds a key."""


class ConfigError(NodionError):
    """A setting is missing or wrong; `detail` names file, line and key."""

    title = "The configuration cannot be used"


class NoKey(ConfigError):
    """No key could be had: none is configured, or its command, keyring or file gives none."""

    title = "There is no key"
    hint = "Set NODION_API_KEY, or give the profile a key_command, key_file or key_keyring."


class ReadOnly(NodionError):
    """A trigger or a stop was asked for with a profile that forbids both; nothing was sent."""

    title = "The profile is read-only"


class InputError(NodionError):
    """What was typed breaks a documented limit; nothing was sent."""

    title = "This cannot be sent"

    def __init__(
        self, detail: str = "", fields: Mapping[str, tuple[str, ...]] | None = None
    ) -> None:
        super().__init__(detail)
        self.fields = dict(fields or {})
        """Field name as in the API reference → messages."""


class NotReachable(NodionError):
    """No connection was made, so nothing was sent."""

    title = "The service cannot be reached"
    hint = "Check the network and the address."
    retryable = True


class ConnectionLost(NodionError):
    """The connection broke, or fell silent, after bytes had left."""

    title = "The connection was lost"
    hint = "Check the network, then try again."
    retryable = True


class OutcomeUnknown(NodionError):
    """A POST left and no answer settles what became of it: it is never sent again."""

    title = "The outcome is unknown"
    hint = "It is never sent again by itself: look at the runs before you repeat it."


class ApiError(NodionError):
    """The service answered, but not with what was asked for."""

    title = "The service refused"

    def __init__(self, detail: str = "", *, status: int, endpoint: str) -> None:
        super().__init__(detail)
        self.status = status
        """HTTP status code."""
        self.endpoint = endpoint
        """Method and path template, such as `GET /runners/:runner_id/runs`."""


class BadRequest(ApiError):
    """400 or 422: the body of a trigger was refused; messages by field where given."""

    title = "The service did not accept this"

    def __init__(
        self,
        detail: str = "",
        *,
        status: int,
        endpoint: str,
        fields: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        super().__init__(detail, status=status, endpoint=endpoint)
        self.fields = dict(fields or {})
        """Field name as in the API reference → messages; empty if the body named none."""


class NotAllowed(ApiError):
    """401 or 403."""

    title = "Not allowed"


class KeyRejected(NotAllowed):
    """401: the key is wrong or has expired."""

    title = "The key was not accepted"
    hint = "It may be wrong or expired: set NODION_API_KEY or the profile's key anew."


class ScopeMissing(NotAllowed):
    """403: the key lacks the scope; for a POST the session becomes read-only."""

    title = "The key may not do this"
    hint = "The key lacks the scope: trigger and stop need more than `read`."

    def __init__(self, detail: str = "", *, status: int, endpoint: str) -> None:
        super().__init__(detail, status=status, endpoint=endpoint)
        if endpoint.startswith("GET"):
            self.hint = "The key lacks the scope `read`, or belongs to another project."


class ResourceNotFound(ApiError):
    """404 or 410: there is nothing at that address (any more)."""

    title = "Not found"
    hint = "It may have been removed, or the id or the project is another."


class TooManyRequests(ApiError):
    """429: ask again after `retry_after` seconds."""

    title = "Too many requests"
    hint = "Wait a little: others may be using the same key."
    retryable = True

    def __init__(
        self, detail: str = "", *, status: int, endpoint: str, retry_after: float | None = None
    ) -> None:
        super().__init__(detail, status=status, endpoint=endpoint)
        self.retry_after = retry_after
        """Seconds to wait as the server asked, capped at 300; None where it did not say."""


class ServerError(ApiError):
    """5xx: the service has a fault of its own."""

    title = "The service has a fault"
    hint = "Nothing is wrong on this side: try again in a while."
    retryable = True

    def __init__(
        self, detail: str = "", *, status: int, endpoint: str, retry_after: float | None = None
    ) -> None:
        super().__init__(detail, status=status, endpoint=endpoint)
        self.retry_after = retry_after
        """Seconds to wait as the server asked, capped at 300; None where it did not say."""


class UnexpectedResponse(ApiError):
    """A status, media type or body that the contract does not have.

    `detail` names the JSON path where a body is not as documented.
    """

    title = "The answer is not what the API documents"
    hint = "Is this the address of the API? A proxy or a login page may have answered."
    retryable = True
