"""Which API addresses may be asked: https anywhere, plain http on this machine alone."""

import ipaddress
from urllib.parse import urlsplit


def check_url(url: str, *, allow_http: bool = False) -> str:
    """The address without a slash at its end.

    Args:
        url: the API's base address, such as https://api.nodion.com/v1.
        allow_http: accept plain http to other machines too, where anyone on the way reads the key.

    Raises:
        ValueError: it cannot be used; the message holds no part of it that could be a secret.
    """
    stripped = url.strip().rstrip("/")
    try:
        parts = urlsplit(stripped)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("is no address") from None
    if not (stripped.isascii() and stripped.isprintable()) or " " in stripped:
        raise ValueError("holds characters that no address has")
    if parts.scheme not in {"http", "https"} or not host:
        raise ValueError("wants an address such as https://api.nodion.com/v1")
    if parts.username is not None or parts.password is not None:
        raise ValueError("holds a user name or a password; the key has a setting of its own")
    if parts.query or parts.fragment:
        raise ValueError("ends in ? or #, which the address of an API does not")
    if parts.scheme == "http" and not allow_http and not is_loopback(host):
        raise ValueError(
            f"plain http to {host} would show the key to everyone on the way; "
            "use https, or set allow_http"
        )
    return stripped


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
