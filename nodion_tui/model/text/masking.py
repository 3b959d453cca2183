"""Masks what looks like a secret: in environment variables, argv and shell commands.

A guess by name and by the shape of the value. It errs towards masking too much, which a user can
undo for one variable; a secret that looks like nothing is not recognized. Runs are never changed.
"""

import re
from collections.abc import Sequence
from functools import cache

MASK = "••••••••"
"""Placeholder for a secret; its fixed length does not reveal the length of the value."""

_WORDS = (
    r"(?i)(?:^|[_\d])(?:PASS|PASSWD|PASSPHRASE|KEYS?|CREDS?|AUTH|COOKIES?|BEARER|JWT|PIN|SALT|DSN"
    r"|CERT|PRIVATE|SIGNATURE|OTP)(?:$|[_\d])"
    r"|_PWD(?:$|_)|PASSWORD|SECRET|TOKEN|APIKEY|ACCESSKEY|CREDENTIAL|PRIVATEKEY|CONNECTIONSTRING"
)
_SHAPES = (
    r"[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@]+@"  # a password inside an address
    r"|-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|sk-|sk_live_|rk_live_|AKIA|ASIA)[\w-]{8}"
    r"|\beyJ[\w-]{8,}\.eyJ"
)
_ASSIGNED = (
    r"(?P<name>[A-Za-z_][\w.-]*)(?P<sign>\s*[=:]\s*)(?!//)"
    r"(?P<value>'[^']*'|\"[^\"]*\"|[^\s'\";&|]+)"
)
_FLAGGED = (
    r"(?P<name>(?<!\S)--?[A-Za-z][\w-]*)(?P<sign>\s+)(?P<value>'[^']*'|\"[^\"]*\"|[^\s'\";&|-]\S*)"
)
_BEARER = r"(?P<name>\b(?:Bearer|Basic|Token))(?P<sign>\s+)(?P<value>[^\s'\"]+)"
_IN_ADDRESS = r"(?P<name>://[^/\s:@]*)(?P<sign>:)(?P<value>[^/\s@]+)(?=@)"
_WORD = r"[^\s'\"]+"
_USER_FLAGS = frozenset({"-u", "--user", "--proxy-user"})


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    """A pattern, compiled when it is first used: few sessions mask, and all take 1.5 ms."""
    return re.compile(pattern)


def looks_secret(key: str, value: str = "") -> bool:
    """Whether a variable with this name or value should be masked on the screen."""
    return bool(_pattern(_WORDS).search(key) or _pattern(_SHAPES).search(value))


def mask_command(command: str) -> str:
    """Masks the secrets in a shell command."""
    command = _pattern(_IN_ADDRESS).sub(_mask_value, command)
    command = _pattern(_BEARER).sub(_mask_value, command)
    for pattern in (_ASSIGNED, _FLAGGED):
        command = _pattern(pattern).sub(_mask_if_secret, command)
    return _pattern(_WORD).sub(_mask_shape, command)


def mask_argv(argv: Sequence[str]) -> tuple[str, ...]:
    """Masks the secrets in the tokens of an argv."""
    masked = []
    after_secret = False
    for token in argv:
        is_flag = token.startswith("-")
        masked.append(MASK if after_secret and not is_flag else mask_command(token))
        after_secret = is_flag and "=" not in token and _names_secret(token)
    return tuple(masked)


def _names_secret(name: str) -> bool:
    return name in _USER_FLAGS or looks_secret(name.lstrip("-").replace("-", "_").replace(".", "_"))


def _mask_value(match: re.Match[str]) -> str:
    return f"{match['name']}{match['sign']}{MASK}"


def _mask_if_secret(match: re.Match[str]) -> str:
    value = match["value"].strip("'\"")
    if MASK in value or not value:
        return match.group()
    return _mask_value(match) if _names_secret(match["name"]) else match.group()


def _mask_shape(match: re.Match[str]) -> str:
    word = match.group()
    return MASK if MASK not in word and looks_secret("", word) else word
