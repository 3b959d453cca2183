"""How httpx is set up here: addresses that may be asked, headers, time-outs, and its errors.

Nothing else in this room makes an httpx client, so the rules hold for calls, for POSTs (each on a
connection of its own) and for streams (each with a client of its own) alike.
"""

import ssl
from dataclasses import dataclass

import httpx

from nodion_tui import __version__
from nodion_tui.config import Profile
from nodion_tui.config.url import check_url, is_loopback
from nodion_tui.model.errors import ConfigError, ConnectionLost, NodionError, NotReachable

_MEANINGS = (
    (httpx.ConnectTimeout, NotReachable, "no connection in time"),
    (httpx.PoolTimeout, NotReachable, "too many requests under way"),
    ((httpx.TimeoutException, TimeoutError), ConnectionLost, "no answer in time"),
    (httpx.DecodingError, ConnectionLost, "the answer's compression is broken"),
    (httpx.LocalProtocolError, ConnectionLost, "the request could not be put into words of HTTP"),
)
"""What the errors mean whose own words say nothing, or could say too much."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds."""

    connect: float = 10.0
    pool: float = 5.0
    """For a free connection of those that calls share."""
    read: float = 30.0
    """Between two pieces of an answer."""
    total: float = 120.0
    """For a whole call, however steadily its answer drips."""


class HttpClientFactory:
    """Makes httpx clients for one profile.

    Raises:
        ConfigError: the address or a header value cannot be used, or would show the key.
    """

    def __init__(
        self,
        profile: Profile,
        *,
        timeouts: Timeouts | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.base_url = _address(profile)
        self.timeouts = timeouts or Timeouts()
        self._transport = transport
        self._headers = _headers(profile)
        self._proxied = self.base_url.scheme == "https" and not is_loopback(self.base_url.host)
        self._tls: ssl.SSLContext | None = None

    def new_client(
        self, *, keep_alive: bool = False, read: float | None = None
    ) -> httpx.AsyncClient:
        """A new client; follows no redirects, and asks a proxy only for https elsewhere.

        Args:
            keep_alive: hold connections for the next call.
            read: seconds between two pieces of an answer; None for no limit.

        Raises:
            ConfigError: the proxy that the environment names cannot be used.
        """
        timeouts = self.timeouts
        try:
            return httpx.AsyncClient(
                headers=self._headers,
                timeout=httpx.Timeout(
                    connect=timeouts.connect, write=timeouts.read, read=read, pool=timeouts.pool
                ),
                limits=httpx.Limits(
                    max_connections=20, max_keepalive_connections=4 if keep_alive else 0
                ),
                follow_redirects=False,
                trust_env=self._proxied,
                verify=self._context(),
                transport=self._transport,
            )
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            raise ConfigError(f"the proxy in the environment cannot be used: {error}") from None

    def _context(self) -> ssl.SSLContext:
        """One context for all clients: to read the trusted certificates takes some 20 ms."""
        if self._tls is None:
            if self.base_url.scheme == "https":
                self._tls = httpx.create_ssl_context()
            else:
                self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return self._tls


def network_error(error: Exception) -> NodionError:
    """What an error of httpx says about the request: did bytes leave?

    The message never has the request in it, for that holds the key.
    """
    for kinds, meaning, words in _MEANINGS:
        if isinstance(error, kinds):
            return meaning(words)
    told = str(error).strip()[:200] or "the connection broke"
    never = isinstance(error, httpx.ConnectError | httpx.ProxyError)
    return NotReachable(told) if never else ConnectionLost(told)


def _address(profile: Profile) -> httpx.URL:
    try:
        return httpx.URL(check_url(profile.api_url, allow_http=profile.allow_http))
    except (ValueError, httpx.InvalidURL) as problem:
        raise ConfigError(f"the API address {problem}") from None


def _headers(profile: Profile) -> httpx.Headers:
    headers = {"Accept": "application/json", "User-Agent": f"nodion-tui/{__version__}"}
    if profile.key is not None:
        headers["Authorization"] = f"Bearer {profile.key.reveal()}"
    if profile.project:
        if not (profile.project.isascii() and profile.project.isprintable()):
            raise ConfigError("the project id holds characters that no header can carry")
        headers["X-Nodion-Project"] = profile.project.strip()
    return httpx.Headers(headers)
