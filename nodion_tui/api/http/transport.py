"""httpx configuration: allowed addresses, headers, time-outs, TLS, and error mapping.

This is the only module that creates httpx clients, so the same rules apply to pooled requests, to
POSTs (each on its own connection) and to streams (each with its own client).
"""

import ssl
from functools import cached_property, lru_cache
from typing import cast
from urllib.request import getproxies, proxy_bypass

import msgspec

from nodion_tui import __version__
from nodion_tui.api.http.lean_httpx import httpx
from nodion_tui.api.http.tls import certificate_error, connection_problem, tls_context
from nodion_tui.config import Profile
from nodion_tui.config.url import check_url, is_loopback
from nodion_tui.model.errors import ConfigError, ConnectionLost, NodionError, NotReachable

_MESSAGES = (
    (httpx.ConnectTimeout, NotReachable, "connection timed out"),
    (httpx.PoolTimeout, NotReachable, "too many requests in flight"),
    ((httpx.TimeoutException, TimeoutError), ConnectionLost, "response timed out"),
    (httpx.DecodingError, ConnectionLost, "invalid compression in the response"),
    (httpx.LocalProtocolError, ConnectionLost, "the request is not valid HTTP"),
)
"""Messages for errors whose own text is empty, or could contain the key."""
_KEPT_URLS = 256
"""Parsed URLs that a factory keeps: httpx takes a tenth of a poll's time to parse one."""


class Timeouts(msgspec.Struct, frozen=True):
    """Time-outs in seconds."""

    connect: float = 10.0
    pool: float = 5.0
    """For a free connection of the pool."""
    read: float = 30.0
    """Between two chunks of a response."""
    head: float = 40.0
    """For the head of a response, even if interim responses (1xx) arrive without end."""
    total: float = 120.0
    """For a whole request, even if its response arrives steadily."""


class DirectClient(httpx.AsyncClient):
    """A client that hands its requests to its transport, as polls are sent every second for days.

    httpx would follow no redirect, ask for no password and find no cookies first; it is a sixth of
    the time of a poll. A cookie of the service is not sent back: the key says who asks.

    Args:
        transport: sends the requests; closed with the client.
        headers: of each request.
        timeout: of each request.
    """

    def __init__(
        self, transport: httpx.AsyncBaseTransport, headers: httpx.Headers, timeout: httpx.Timeout
    ) -> None:
        super().__init__(transport=transport, headers=headers, timeout=timeout, trust_env=False)
        self._sender = transport

    async def send_directly(self, request: httpx.Request) -> httpx.Response:
        """Send a request; the response is to be read and closed by the caller."""
        response = await self._sender.handle_async_request(request)
        response.request = request
        return response


class HttpClientFactory:
    """Creates httpx clients for one profile.

    Raises:
        ConfigError: the address or a header value is invalid, or would expose the key.
    """

    def __init__(
        self,
        profile: Profile,
        *,
        timeouts: Timeouts | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.base_url = _base_url(profile)
        self.timeouts = timeouts or Timeouts()
        self._transport = transport
        self._headers = _headers(profile)
        self._profile = profile
        self.url_of = lru_cache(_KEPT_URLS)(self._url_of)
        """Returns the URL of a path; kept, as the same lists are asked for again and again."""

    def new_client(self, *, keep_alive: bool = False, read: float | None = None) -> DirectClient:
        """A new client; follows no redirects, and uses a proxy only for https to other hosts.

        Args:
            keep_alive: keep connections open for the next request.
            read: longest time between two chunks of a response, in seconds; None for no limit.

        Raises:
            ConfigError: the proxy in the environment is invalid.
        """
        timeouts = self.timeouts
        try:
            transport = self._transport or httpx.AsyncHTTPTransport(
                limits=httpx.Limits(
                    max_connections=20, max_keepalive_connections=4 if keep_alive else 0
                ),
                # Certificates and proxy of the environment are read here, for this one host.
                trust_env=False,
                proxy=self._proxy,
                verify=self._tls,
            )
            timeout = httpx.Timeout(
                connect=timeouts.connect, write=timeouts.read, read=read, pool=timeouts.pool
            )
            return DirectClient(transport, self._headers, timeout)
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            raise ConfigError(f"the proxy in the environment cannot be used: {error}") from None

    def _url_of(self, path: str) -> httpx.URL:
        return httpx.URL(f"{self.base_url}{path}")

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """One TLS context for all clients: loading trusted certificates takes milliseconds.

        None for plain http, as the first context of a process takes one, too. httpx hands it on to
        httpcore, which documents None, and would verify an https address with a context of its own.
        """
        if self.base_url.scheme == "https":
            return tls_context(self._profile)
        return cast("ssl.SSLContext", None)

    @cached_property
    def _proxy(self) -> str | None:
        """The proxy of the environment or the system for this address.

        httpx makes a pattern of every entry of NO_PROXY, and fails at those that are none, such as
        `fe80::/10`. There is one host here: urllib knows whether it is excepted.
        """
        host = self.base_url.host
        if self.base_url.scheme != "https" or is_loopback(host) or proxy_bypass(host):
            return None
        proxies = getproxies()
        proxy = proxies.get("https") or proxies.get("all")
        return proxy if not proxy or "://" in proxy else f"http://{proxy}"


def network_error(error: Exception, host: str) -> NodionError:
    """Maps an httpx error to `NotReachable` (nothing was sent) or `ConnectionLost`.

    The message never contains the request, which holds the key; `host` is that of the API address.
    """
    if (untrusted := certificate_error(error, host)) is not None:
        return untrusted
    for kinds, error_class, message in _MESSAGES:
        if isinstance(error, kinds):
            return error_class(message)
    message = str(error).strip()[:200] or "the connection broke"
    if isinstance(error, httpx.ConnectError):
        return NotReachable(f"{host}: {connection_problem(error) or message}")
    return NotReachable(message) if isinstance(error, httpx.ProxyError) else ConnectionLost(message)


def _base_url(profile: Profile) -> httpx.URL:
    try:
        return httpx.URL(check_url(profile.api_url, allow_http=profile.allow_http))
    except (ValueError, httpx.InvalidURL) as error:
        raise ConfigError(f"the API address {error}") from None


def _headers(profile: Profile) -> httpx.Headers:
    headers = {"Accept": "application/json", "User-Agent": f"nodion-tui/{__version__}"}
    if profile.key is not None:
        headers["Authorization"] = f"Bearer {profile.key.reveal()}"
    if profile.project:
        if not (profile.project.isascii() and profile.project.isprintable()):
            raise ConfigError("the project id contains characters that are not allowed in a header")
        headers["X-Nodion-Project"] = profile.project.strip()
    return httpx.Headers(headers)
