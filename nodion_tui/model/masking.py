"""Which environment variables look as if they held a secret, so that a screen masks them.

A guess by name, and by the shape of the value: it is wrong on the safe side, and a person can
always turn it over for one row.
"""

import re

MASK = "••••••••"
"""Shown instead of a secret: always this long, so that it does not tell the value's length."""

_WORDS = re.compile(
    r"(?:^|[_\d])(?:PASS|PASSWD|PASSPHRASE|KEYS?|CREDS?|AUTH|COOKIES?|BEARER|JWT|PIN|SALT|DSN"
    r"|CERT|PRIVATE|SIGNATURE|OTP)(?:$|[_\d])"
    r"|_PWD(?:$|_)|PASSWORD|SECRET|TOKEN|APIKEY|ACCESSKEY|CREDENTIAL|PRIVATEKEY|CONNECTIONSTRING",
    re.IGNORECASE,
)
_SHAPES = re.compile(
    r"[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@]+@"  # a password inside an address
    r"|-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|sk-|sk_live_|rk_live_|AKIA|ASIA)[\w-]{8}"
    r"|\beyJ[\w-]{8,}\.eyJ",
)


def looks_secret(key: str, value: str = "") -> bool:
    """Whether a variable of this name, or with this value, should not stand open on a screen."""
    return bool(_WORDS.search(key) or _SHAPES.search(value))
