"""Checks of `doctor`. They show no secrets and trigger or stop nothing."""

import os
import platform
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal, NamedTuple

from nodion_tui import __version__
from nodion_tui.cli.output.streams import Output
from nodion_tui.cli.process import terminal_probe
from nodion_tui.cli.process.exit_codes import describe_error
from nodion_tui.cli.session import CommandSession, open_session
from nodion_tui.config import Profile, Settings
from nodion_tui.config.paths import display_path
from nodion_tui.model.errors import NodionError, ResourceNotFound, ScopeMissing
from nodion_tui.model.runner import Runner
from nodion_tui.ui.terminal.plain_textual import textual_way

_PACKAGES = ("textual", "rich", "httpx", "httpx-sse", "msgspec", "click", "starlette", "uvicorn")
_LARGE_OFFSET = 30.0
"""Clock offset in seconds from which on the check fails."""
_YES_NO = {True: "yes", False: "no"}
_NOT_REPORTED = "not reported; many terminals support it anyway"


State = Literal["ok", "note", "bad"]


class CheckResult(NamedTuple):
    """Result of one check."""

    state: State
    name: str
    detail: str


RunnerCheck = Callable[[Sequence[Runner]], Iterable[CheckResult]]
"""Checks something against the runners that the service lists."""


def check_versions() -> Iterator[CheckResult]:
    """Versions of the program and its libraries."""
    yield CheckResult("note", "nodion-tui", __version__)
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    yield CheckResult("note", "python", f"{platform.python_version()} on {system}")
    yield CheckResult(
        "note", "packages", ", ".join(f"{name} {_version(name)}" for name in _PACKAGES)
    )
    way = textual_way()
    drawn_by = "Textual's own driver and compositor" if way.plain else "own driver and compositor"
    yield CheckResult("note", "drawing", f"{drawn_by} ({way.reason})")
    yield CheckResult("note", "keyring", _version("keyring"))


def check_terminal() -> Iterator[CheckResult]:
    """Type, features and locale of the terminal."""
    term = os.environ.get("TERM", "")
    program = os.environ.get("TERM_PROGRAM") or os.environ.get("LC_TERMINAL") or "unknown program"
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        yield CheckResult(
            "note", "terminal", "not a terminal: run doctor without a pipe to check it"
        )
    elif term in {"", "dumb"}:
        yield CheckResult(
            "bad", "terminal", f"TERM={term or '(not set)'}: commands only, no dashboard"
        )
    else:
        yield CheckResult("ok", "terminal", f"{term}, {program}, {terminal_probe.terminal_size()}")
        yield CheckResult("note", "colours", terminal_probe.color_depth())
        yield from _check_features()
    unicode = "utf" in (sys.stdout.encoding or "").lower()
    hint = "" if unicode else ": UTF-8 is required; otherwise use --ascii"
    yield CheckResult(
        "ok" if unicode else "bad", "locale", f"{terminal_probe.locale_encoding()}{hint}"
    )
    yield CheckResult("note", "proxy/multiplexer", terminal_probe.proxies())


def check_configuration(settings: Settings) -> Iterator[CheckResult]:
    """Configuration in use and the source of each value."""
    file = "no config.toml" if settings.config_file is None else "config.toml"
    yield CheckResult("ok", "configuration", f"{file} in {display_path(settings.config_folder)}")
    yield CheckResult("note", "data", display_path(settings.data_folder))
    variables = sorted(name for name in os.environ if name.startswith("NODION_"))
    yield CheckResult("note", "environment", ", ".join(variables) or "no NODION_ variable is set")
    profile = settings.profile
    yield CheckResult("note", "profile", f"{profile.name} ({settings.profile_source})")
    if profile.group:
        yield CheckResult(
            "note", "group", f"{', '.join(profile.group)} ({profile.source('group')})"
        )
        return
    yield CheckResult("note", "address", f"{profile.api_url} ({profile.source('api_url')})")
    if profile.ca_file:
        source = profile.source("ca_file")
        yield CheckResult("note", "ca_file", f"{display_path(Path(profile.ca_file))} ({source})")
    if profile.project:
        yield CheckResult("note", "project", f"{profile.project} ({profile.source('project')})")
    if profile.runners:
        source = profile.source("runners")
        yield CheckResult("note", "runners", f"{len(profile.runners)} configured by id ({source})")
    if profile.read_only:
        yield CheckResult(
            "note", "read-only", f"trigger and stop disabled ({profile.source('read_only')})"
        )


async def check_service(
    profile: Profile, check_runners: RunnerCheck
) -> tuple[list[CheckResult], NodionError | None]:
    """Checks key and service; also returns the error with which a command would fail."""
    results: list[CheckResult] = []
    try:
        async with open_session(profile, Output(silent=True)) as session:
            source = session.profile.source("key_source")
            results.append(
                CheckResult("ok", "key", f"{profile.key_source or 'of the engine'} ({source})")
            )
            await _check_requests(session, results, check_runners)
    except NodionError as error:
        name = "service" if any(check.name == "key" for check in results) else "key"
        results.append(CheckResult("bad", name, describe_error(error)))
        return results, error
    return results, None


async def check_services(
    settings: Settings, check_runners: RunnerCheck
) -> tuple[list[CheckResult], NodionError | None]:
    """Like `check_service`, for each profile of a group; the runners of all are checked at once."""
    if not settings.members:
        return await check_service(settings.profile, check_runners)
    results: list[CheckResult] = []
    runners: list[Runner] = []
    errors: list[NodionError] = []

    def collect(listed: Sequence[Runner]) -> Iterable[CheckResult]:
        runners.extend(listed)
        return ()

    for member in settings.members:
        checks, error = await check_service(member, collect)
        results += [check._replace(name=f"{member.name}: {check.name}") for check in checks]
        errors += [error] if error is not None else []
    return [*results, *([] if errors else check_runners(runners))], next(iter(errors), None)


def check_engine() -> Iterator[CheckResult]:
    """Executors available to the embedded engine."""
    tools = [name for name in ("podman", "docker") if shutil.which(name)]
    yield CheckResult("note", "executors", ", ".join(["process", *tools]))


async def _check_requests(
    session: CommandSession, results: list[CheckResult], check_runners: RunnerCheck
) -> None:
    """Requests the runners, and the runs of the first runner."""
    client = session.client
    start = time.monotonic()
    try:
        listing = await client.list_runners()
    except (ResourceNotFound, ScopeMissing) as error:
        ids = [ref.id for ref in session.profile.runners]
        if not ids:
            raise
        results.append(
            CheckResult("note", "runners", f"not listed by the service ({error.status})")
        )
    else:
        ids = [runner.id for runner in listing.items]
        elapsed = (time.monotonic() - start) * 1000
        results.append(
            CheckResult("ok", "service", f"{len(ids)} runners, answered in {elapsed:.0f} ms")
        )
        results += check_runners(listing.items)
    if ids:
        runs = await client.list_runs(ids[0])
        results.append(
            CheckResult("ok", "runs", f"readable, {len(runs.items)} of the first runner")
        )
    scope = "`read` is granted; permission to trigger and stop is not checked"
    results.append(CheckResult("note", "scope", scope))
    offset = client.clock_offset.total_seconds()
    state: State = "ok" if abs(offset) < _LARGE_OFFSET else "bad"
    results.append(
        CheckResult(state, "clock", f"server clock is {offset:+.1f} s from this machine's")
    )


def _check_features() -> Iterator[CheckResult]:
    """Features that the terminal reports."""
    features = terminal_probe.query_features()
    if features is None:
        yield CheckResult("note", "mouse, copy", "the terminal does not report its features")
        return
    for name in terminal_probe.PROBED_MODES.values():
        supported = features.modes.get(name)
        detail = _NOT_REPORTED if supported is None else _YES_NO[supported]
        yield CheckResult("ok" if supported else "note", name, detail)
    copy = _YES_NO[True] if features.clipboard else _NOT_REPORTED
    yield CheckResult("ok" if features.clipboard else "note", "copy (OSC 52)", copy)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
