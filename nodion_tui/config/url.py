"""Validates API addresses: https for any host, plain http only for the local machine."""

import ipaddress
from urllib.parse import urlsplit


def check_url(url: str, *, allow_http: bool = False) -> str:
    """Validates an address; returns it without a trailing slash.

    Args:
        url: base address of the API, such as https://api.nodion.com/v1.
        allow_http: accept plain http to other hosts, which exposes the key to the network.

    Raises:
        ValueError: invalid address; the message contains no part that could be a secret.
    """
    stripped = url.strip().rstrip("/")
    try:
        parts = urlsplit(stripped)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("is not a valid URL") from None
    if not (stripped.isascii() and stripped.isprintable()) or " " in stripped:
        raise ValueError("contains characters that are not allowed in a URL")
    if parts.scheme not in {"http", "https"} or not host:
        raise ValueError("must be a URL such as https://api.nodion.com/v1")
    if parts.username is not None or parts.password is not None:
        raise ValueError("contains a user name or a password; configure the API key separately")
    if parts.query or parts.fragment:
        raise ValueError("must not contain a query or a fragment")
    if parts.scheme == "http" and not allow_http and not is_loopback(host):
        raise ValueError(
            f"plain http to {host} would expose the key to the network; "
            "use https, or set allow_http"
        )
    return stripped


def is_loopback(host: str) -> bool:
    """Whether a host name or IP address is the local machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
