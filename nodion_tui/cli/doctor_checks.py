"""The checks of `doctor`. None of them shows a secret, triggers or stops anything."""

import os
import platform
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Literal, NamedTuple

from nodion_tui import __version__
from nodion_tui.cli.output.streams import Output
from nodion_tui.cli.process import terminal_probe as tty
from nodion_tui.cli.process.exit_codes import describe_error
from nodion_tui.cli.session import CommandSession, open_session
from nodion_tui.config import Profile, Settings
from nodion_tui.config.paths import display_path
from nodion_tui.model.errors import NodionError, ResourceNotFound, ScopeMissing

_PACKAGES = ("textual", "rich", "httpx", "httpx-sse", "msgspec", "click", "starlette", "uvicorn")
_LARGE_OFFSET = 30.0
"""Seconds between two clocks from which on someone should look."""
_YES = {True: "yes", False: "no"}
_UNSAID = "not announced; many terminals can all the same"


class CheckResult(NamedTuple):
    """One thing looked at."""

    state: Literal["ok", "note", "bad"]
    name: str
    detail: str


def check_versions() -> Iterator[CheckResult]:
    """What is installed."""
    yield CheckResult("note", "nodion-tui", __version__)
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    yield CheckResult("note", "python", f"{platform.python_version()} on {system}")
    yield CheckResult(
        "note", "packages", ", ".join(f"{name} {_version(name)}" for name in _PACKAGES)
    )
    yield CheckResult("note", "keyring", _version("keyring"))


def check_terminal(environ: Mapping[str, str] | None = None) -> Iterator[CheckResult]:
    """What the dashboard would be drawn on."""
    environ = os.environ if environ is None else environ
    term = environ.get("TERM", "")
    program = environ.get("TERM_PROGRAM") or environ.get("LC_TERMINAL") or "unknown program"
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        yield CheckResult("note", "terminal", "none here: run doctor without a pipe to check it")
    elif term in {"", "dumb"}:
        yield CheckResult(
            "bad", "terminal", f"TERM={term or '(not set)'}: no dashboard, but all commands"
        )
    else:
        yield CheckResult("ok", "terminal", f"{term}, {program}, {tty.terminal_size()}")
        yield CheckResult("note", "colours", tty.color_depth(environ))
        yield from _answers(environ)
    unicode = "utf" in (sys.stdout.encoding or "").lower()
    hint = "" if unicode else ": glyphs need UTF-8, or --ascii"
    yield CheckResult("ok" if unicode else "bad", "locale", f"{tty.locale_encoding()}{hint}")
    yield CheckResult("note", "in between", tty.proxies(environ))


def check_configuration(settings: Settings) -> Iterator[CheckResult]:
    """What is configured, and by what."""
    file = "no config.toml" if settings.config_file is None else "config.toml"
    yield CheckResult("ok", "configuration", f"{file} in {display_path(settings.config_folder)}")
    yield CheckResult("note", "data", display_path(settings.data_folder))
    set_here = sorted(name for name in os.environ if name.startswith("NODION_"))
    yield CheckResult("note", "environment", ", ".join(set_here) or "no NODION_ variable is set")
    yield from _keys(settings)
    profile = settings.profile
    yield CheckResult("note", "profile", f"{profile.name} ({settings.profile_source})")
    yield CheckResult("note", "address", f"{profile.api_url} ({profile.source('api_url')})")
    if profile.project:
        yield CheckResult("note", "project", f"{profile.project} ({profile.source('project')})")
    if profile.runners:
        origin = profile.source("runners")
        yield CheckResult("note", "runners", f"{len(profile.runners)} by id ({origin})")
    if profile.read_only:
        yield CheckResult(
            "note", "read-only", f"no triggers, no stops ({profile.source('read_only')})"
        )


def _keys(settings: Settings) -> Iterator[CheckResult]:
    if settings.keys:
        from nodion_tui.ui.commands.keymap import keymap_problems  # noqa: PLC0415 - Textual, for this alone

        yield from (
            CheckResult("bad", "keys", problem) for problem in keymap_problems(settings.keys)
        )


async def check_service(profile: Profile) -> tuple[list[CheckResult], NodionError | None]:
    """Whether there is a key and what it opens; the error that a command would end with."""
    found: list[CheckResult] = []
    try:
        async with open_session(profile, Output(silent=True)) as session:
            origin = session.profile.source("key_source")
            found.append(CheckResult("ok", "key", f"{profile.key_source} ({origin})"))
            await _reach(session, found)
    except NodionError as error:
        name = "service" if any(check.name == "key" for check in found) else "key"
        found.append(CheckResult("bad", name, describe_error(error)))
        return found, error
    return found, None


def check_engine() -> Iterator[CheckResult]:
    """What the embedded engine could run jobs with."""
    tools = [name for name in ("podman", "docker") if shutil.which(name)]
    yield CheckResult("note", "executors", ", ".join(["process", *tools]))


async def _reach(session: CommandSession, found: list[CheckResult]) -> None:
    """Ask for the runners, and for the runs of the first one."""
    client = session.client
    began = time.monotonic()
    try:
        listing = await client.list_runners()
    except (ResourceNotFound, ScopeMissing) as error:
        ids = [ref.id for ref in session.profile.runners]
        if not ids:
            raise
        found.append(CheckResult("note", "runners", f"not listed by the service ({error.status})"))
    else:
        ids = [runner.id for runner in listing.items]
        took = (time.monotonic() - began) * 1000
        found.append(CheckResult("ok", "service", f"{len(ids)} runners, answered in {took:.0f} ms"))
    if ids:
        runs = await client.list_runs(ids[0])
        found.append(
            CheckResult("ok", "runs", f"can be read, {len(runs.items)} of the first runner")
        )
    may = "reading works; whether it may trigger and stop is only known once it does"
    found.append(CheckResult("note", "scope", may))
    offset = client.clock_offset.total_seconds()
    state: Literal["ok", "bad"] = "ok" if abs(offset) < _LARGE_OFFSET else "bad"
    found.append(
        CheckResult(state, "clock", f"the service's is {offset:+.1f} s from this machine's")
    )


def _answers(environ: Mapping[str, str]) -> Iterator[CheckResult]:
    """What the terminal says it can do."""
    answers = tty.query_features(environ)
    if answers is None:
        yield CheckResult("note", "mouse, copy", "the terminal does not say what it can do")
        return
    for name in tty.PROBED_MODES.values():
        able = answers.modes.get(name)
        yield CheckResult("ok" if able else "note", name, _UNSAID if able is None else _YES[able])
    copy = _YES[True] if answers.clipboard else _UNSAID
    yield CheckResult("ok" if answers.clipboard else "note", "copy (OSC 52)", copy)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
