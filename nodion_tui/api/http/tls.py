"""Which certificates are trusted, and what to do about one that is not.

`ca_file` of the profile, else SSL_CERT_FILE and SSL_CERT_DIR, else the system's store, else that of
certifi. httpx trusts certifi alone, so that a company's authority, installed as the system says, is
unknown to it; and OpenSSL ignores a variable that leads nowhere. truststore was weighed: on Linux
it looks at the same paths as OpenSSL, and for the keychain of macOS it replaces the context by one
that verifies in Python.
"""

import errno
import os
import socket
import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path

from nodion_tui.config.paths import display_path
from nodion_tui.config.profile import Profile
from nodion_tui.config.trusted_files import UntrustedFile, read_trusted_file
from nodion_tui.model.errors import ConfigError, UntrustedCertificate

MAX_CA_BYTES = 16 << 20
"""Largest `ca_file`; bundles of whole systems have a quarter of a MB."""
_NOT_YET_VALID, _EXPIRED, _HOST_MISMATCH = 9, 10, 62
"""Codes of X509_V_ERR in OpenSSL's x509_vfy.h."""
_UNKNOWN_AUTHORITY_HINT = (
    "If you trust it, set ca_file of the profile, or SSL_CERT_FILE, to a file with the certificate"
    " of its authority."
)
_HINTS = {
    _NOT_YET_VALID: "Check this machine's clock.",
    _EXPIRED: "Check this machine's clock; else the certificate must be renewed.",
    _HOST_MISMATCH: "Check the API address.",
}


def tls_context(profile: Profile, environ: Mapping[str, str] | None = None) -> ssl.SSLContext:
    """A context that verifies certificates and host names.

    Raises:
        ConfigError: a file or folder that is named has no certificates; names key or variable.
    """
    environ = os.environ if environ is None else environ
    if profile.ca_file is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        setting = f"{profile.source('ca_file')}: ca_file"
        _load(context, setting, Path(profile.ca_file), own=True)
        return context
    cert_file, cert_dir = environ.get("SSL_CERT_FILE", ""), environ.get("SSL_CERT_DIR", "")
    if not cert_file and not cert_dir:
        return _system_context()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if cert_file:
        _load(context, "SSL_CERT_FILE", Path(cert_file), own=False)
    for folder in filter(None, cert_dir.split(os.pathsep)):
        if not Path(folder).is_dir():
            raise ConfigError(f"SSL_CERT_DIR: {folder}: not a folder")
        context.load_verify_locations(capath=folder)
    return context


def certificate_error(error: BaseException, host: str) -> UntrustedCertificate | None:
    """The failed verification that led to an error; None if it has another reason."""
    for cause in causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            reason = cause.verify_message.rstrip(".")
            hint = _HINTS.get(cause.verify_code, _UNKNOWN_AUTHORITY_HINT)
            return UntrustedCertificate(f"{host}: {reason}", hint)
    return None


def connection_problem(error: BaseException) -> str:
    """Why no connection was made, in a few words; empty if the error does not tell."""
    for cause in causes(error):
        match cause:
            case socket.gaierror():
                return "host name not found"
            case ssl.SSLError(strerror=str(reason)) if reason:
                return reason[:1].lower() + reason[1:]
            case OSError(errno=int(number), strerror=str(reason)) if reason:
                # asyncio replaces the system's words by "Connect call failed (address, port)".
                reason = os.strerror(number) if number in errno.errorcode else reason
                return reason[:1].lower() + reason[1:]
    return ""


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and those that led to it."""
    seen: set[int] = set()
    queue = [error]
    while queue:
        cause = queue.pop(0)
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        # Several addresses of a host were tried: the group has the failure of each.
        queue += [*getattr(cause, "exceptions", ()), cause.__cause__, cause.__context__]


def _system_context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if not paths.cafile and not (paths.capath and any(Path(paths.capath).iterdir())):
        import certifi  # noqa: PLC0415  # rarely needed

        context.load_verify_locations(certifi.where())
    return context


def _load(context: ssl.SSLContext, setting: str, path: Path, *, own: bool) -> None:
    """Trust the certificates of a file; one of our own settings must not be writable by others."""
    shown = display_path(path)
    try:
        if own:
            content = read_trusted_file(path, MAX_CA_BYTES)[:MAX_CA_BYTES]
            context.load_verify_locations(cadata=content.decode("ascii", "ignore"))
        else:
            context.load_verify_locations(path)
    except UntrustedFile as error:
        raise ConfigError(f"{setting}: {error}") from None
    except (ssl.SSLError, ValueError):
        raise ConfigError(f"{setting}: {shown}: holds no certificate (PEM)") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigError(f"{setting}: {shown}: {reason}") from None
