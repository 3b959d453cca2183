"""An address of this machine that is not loopback, where the budget of requests holds."""

import socket

from nodion_tui.config.url import is_loopback


def outside_address() -> str | None:
    """The address, if there is one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Nothing is sent: the kernel chooses the address that it would send from.
            probe.connect(("203.0.113.1", 9))
        except OSError:
            return None
        address = str(probe.getsockname()[0])
    return None if is_loopback(address) else address


def outside_settings(url: str, *, streams: int, more: str = "") -> str:
    """config.toml of a profile that may use plain http.

    Args:
        url: the service.
        streams: streams at once.
        more: further tables.
    """
    return f"""
streams = {streams}
profile = "bench"

[profiles.bench]
api_url = "{url}"
allow_http = true
key_env = "NODION_API_KEY"
{more}
"""
