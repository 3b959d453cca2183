"""Error hierarchy.

Each error has a `title` (what happened), a `detail` (this occurrence), a `hint` (what to do next),
and a flag that tells whether an automatic retry makes sense (`retryable`).

    NodionError
    ├── ConfigError             a setting is missing or wrong (names file, line and key)
    │   └── NoKey               no API key: none configured, or its source returns none
    ├── ReadOnly                the profile forbids triggers and stops; nothing was sent
    ├── InputError              the input is invalid; messages by field
    ├── NotReachable            no connection was established; nothing was sent
    │   └── UntrustedCertificate    the service's certificate cannot be verified
    ├── ConnectionLost          the connection broke or fell silent after data was sent
    ├── OutcomeUnknown          a trigger or stop was sent, and its outcome is unclear
    └── ApiError                the service responded with an error
        ├── BadRequest          400, 422: messages by field
        ├── NotAllowed
        │   ├── KeyRejected     401: key wrong or expired
        │   └── ScopeMissing    403: key lacks the scope
        ├── ResourceNotFound    404, 410
        │   └── LogNotKept      410 for a log: deleted after its retention period
        ├── TooManyRequests     429: carries `retry_after`
        ├── ServerError         5xx: may carry `retry_after`
        └── UnexpectedResponse  an undocumented status, media type or body
"""

from collections.abc import Mapping
from typing import ClassVar


class NodionError(Exception):
    """Base class of all errors that nodion-tui reports to the user."""

    title: ClassVar[str] = "Something went wrong"
    hint: str = ""
    retryable: ClassVar[bool] = False
    delivery: ClassVar[str] = "not sent"
    """What became of a request to start or stop a run that ended with this error."""
    retry_after: float | None = None
    """Seconds to wait before the next attempt, as the service requests; None if it does not."""

    def __init__(
        self, detail: str = "", fields: Mapping[str, tuple[str, ...]] | None = None
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        """This occurrence, in one sentence; never contains a key."""
        self.fields = dict(fields or {})
        """Field of a trigger as in the API reference → messages; empty if none is named."""

    @property
    def delivery_text(self) -> str:
        """Whether the request of a trigger or stop was sent, and what went wrong."""
        return f"{self.delivery}: {self.detail or self.title}"

    def detail_beside(self, *said: str) -> str:
        """The detail; empty if texts that are shown with it, such as the title, say it already."""
        detail = self.detail.rstrip(".").casefold()
        return "" if any(detail in text.casefold() for text in said) else self.detail


class ConfigError(NodionError):
    """A setting is missing or wrong; `detail` names file, line and key."""

    title = "Invalid configuration"


class NoKey(ConfigError):
    """No API key: none is configured, or its command, keyring or file returns none."""

    title = "No API key"
    hint = "Set NODION_API_KEY, or key_command, key_file or key_keyring in the profile."


class ReadOnly(NodionError):
    """A trigger or stop with a profile that forbids both; nothing was sent."""

    title = "The profile is read-only"


class InputError(NodionError):
    """The input exceeds a documented limit; nothing was sent."""

    title = "Invalid input"


class NotReachable(NodionError):
    """No connection was established, so nothing was sent."""

    title = "Service unreachable"
    hint = "Check the network and the address."
    retryable = True


class UntrustedCertificate(NotReachable):
    """The certificate of the service cannot be verified; nothing was sent."""

    title = "Certificate not trusted"
    retryable = False

    def __init__(self, detail: str = "", hint: str = "") -> None:
        super().__init__(detail)
        self.hint = hint


class ConnectionLost(NodionError):
    """The connection broke or fell silent after data was sent."""

    title = "Connection lost"
    delivery = "may have been sent"
    hint = "Check the network, then try again."
    retryable = True


class OutcomeUnknown(NodionError):
    """A POST was sent, and no response tells its outcome; it is never retried."""

    title = "Outcome unknown"
    delivery = "may have been sent"
    hint = "Not retried automatically: check the runs before you repeat it."


class ApiError(NodionError):
    """The service responded with an error."""

    title = "Request refused"
    delivery = "sent, and refused"

    def __init__(
        self,
        detail: str = "",
        fields: Mapping[str, tuple[str, ...]] | None = None,
        *,
        status: int,
        endpoint: str,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail, fields)
        self.status = status
        """HTTP status code."""
        self.endpoint = endpoint
        """Method and path template, such as `GET /runners/:runner_id/runs`."""
        self.retry_after = retry_after


class BadRequest(ApiError):
    """400 or 422: the body of a trigger was rejected; messages by field if given."""

    title = "Rejected by the service"


class NotAllowed(ApiError):
    """401 or 403."""

    title = "Not allowed"


class KeyRejected(NotAllowed):
    """401: the key is wrong or has expired."""

    title = "Invalid API key"
    hint = "Update NODION_API_KEY or the profile's key."


class ScopeMissing(NotAllowed):
    """403: the key lacks the scope; for a POST the session becomes read-only."""

    title = "Permission denied"
    hint = "The key lacks the scope: trigger and stop need more than `read`."

    def __init__(self, detail: str = "", *, status: int, endpoint: str) -> None:
        super().__init__(detail, status=status, endpoint=endpoint)
        if endpoint.startswith("GET"):
            self.hint = "The key lacks the scope `read`, or belongs to another project."


class ResourceNotFound(ApiError):
    """404 or 410: the resource does not exist (any more)."""

    title = "Not found"
    hint = "It may have been deleted, or the id or the project is wrong."


class LogNotKept(ResourceNotFound):
    """410 for a log: the service has deleted it; the run itself still exists."""

    title = "Log no longer kept"
    hint = "Save logs that you need for longer."


class TooManyRequests(ApiError):
    """429: retry after `retry_after` seconds."""

    title = "Too many requests"
    hint = "Wait before retrying: others may be using the same key."
    retryable = True


class ServerError(ApiError):
    """5xx: the service failed."""

    title = "Service error"
    hint = "The problem is on the server: try again later."
    retryable = True


class UnexpectedResponse(ApiError):
    """An undocumented status, media type or body.

    `detail` contains the JSON path where a body differs from the documentation.
    """

    title = "Unexpected response"
    hint = "Check the API address: a proxy or a login page may have responded."
    retryable = True
