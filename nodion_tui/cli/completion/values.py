"""Shell completion of profiles, runners and runs: fast or empty, and never with a prompt."""

import asyncio
import os
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

import click

from nodion_tui.cli.completion.runner_cache import Suggestion, cached_runners
from nodion_tui.cli.output.streams import Output
from nodion_tui.cli.resolve import GOOD, LATEST, LATEST_FAILED, list_runners, resolve_runner
from nodion_tui.cli.run_lists import read_run_lists
from nodion_tui.cli.session import CommandSession, load_settings, open_session
from nodion_tui.config import Settings, read_settings
from nodion_tui.model.errors import NodionError
from nodion_tui.model.run import Run, newest_first
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.trigger import ENV_KEY

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

TIMEOUT_SECONDS = 2.0
"""Time limit of a completion."""
MAX_ITEMS = 100


def complete_profile(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> "list[CompletionItem[str]]":
    """Completes names of profiles in config.toml."""
    try:
        profiles = read_settings().profiles
    except NodionError:
        return []
    return _completion_items(
        [Suggestion(profile.name, profile.api_url) for profile in profiles], incomplete
    )


def complete_view(
    ctx: click.Context, _param: click.Parameter, incomplete: str
) -> "list[CompletionItem[str]]":
    """Completes names of views of the profile in use."""
    try:
        settings = read_settings(ctx.params.get("profile"))
    except NodionError:
        return []
    from nodion_tui.monitor.storage.views import ViewFile  # noqa: PLC0415 - seldom

    views = ViewFile(settings.data_folder).for_profile(settings.profile.name).views
    return _completion_items([Suggestion(view.name, view.filter) for view in views], incomplete)


def complete_profiles(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> "list[CompletionItem[str]]":
    """Completes the last of several names of profiles, which are separated by commas."""
    *given, last = incomplete.split(",")
    items = complete_profile(ctx, param, last)
    for item in items:
        item.value = ",".join((*given, item.value))
    return [item for item in items if item.value.rpartition(",")[2] not in given]


def complete_runner(
    ctx: click.Context, _param: click.Parameter, incomplete: str
) -> "list[CompletionItem[str]]":
    """Completes names of runners, or ids if the prefix of one is typed."""
    settings = _read_settings(ctx)
    if settings is None:
        return []
    runners = _request(settings, _request_runners) or cached_runners(settings)
    names = [Suggestion(runner.label or runner.value, runner.value[:8]) for runner in runners]
    ids = [runner for runner in runners if incomplete and runner.value.startswith(incomplete)]
    return _completion_items(names, incomplete) or _completion_items(ids, incomplete)


def complete_run(
    ctx: click.Context, _param: click.Parameter, incomplete: str
) -> "list[CompletionItem[str]]":
    """Completes `latest`, `latest-failed`, and ids of the runner's runs, newest first."""
    words = [Suggestion(LATEST, "newest run"), Suggestion(LATEST_FAILED, "newest failed run")]
    return _completion_items([*words, *_runs(ctx)], incomplete)


def complete_base_run(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> "list[CompletionItem[str]]":
    """Completes `good`, and what `complete_run` does."""
    good = [Suggestion(GOOD, "succeeded run before it")]
    return _completion_items(good, incomplete) + complete_run(ctx, param, incomplete)


def complete_active_run(
    ctx: click.Context, _param: click.Parameter, incomplete: str
) -> "list[CompletionItem[str]]":
    """Completes ids of the runs that can be stopped, newest first."""
    return _completion_items(_runs(ctx, _is_active), incomplete)


def complete_any_run(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> "list[CompletionItem[str]]":
    """Completes as `complete_run`; without a runner, ids of the runs of all runners."""
    settings = _read_settings(ctx)
    if ctx.params.get("runner") or settings is None:
        return complete_run(ctx, param, incomplete)

    async def runs(session: CommandSession) -> Sequence[Suggestion]:
        lists = await read_run_lists(session, (await list_runners(session)).items)
        return [
            Suggestion(run.id, sanitize(f"{run.status}, {lists.labels[run.runner_id]}"))
            for run in lists.runs
        ]

    return complete_run(ctx, param, incomplete) + _completion_items(
        _request(settings, runs), incomplete
    )


def complete_rule(
    ctx: click.Context, _param: click.Parameter, incomplete: str
) -> "list[CompletionItem[str]]":
    """Completes names of rules, and numbers of those without one."""
    settings = _read_settings(ctx)
    rules = settings.rules if settings else ()
    return _completion_items(
        [
            Suggestion(rule.name or str(index), f"{rule.runner} ({index})")
            for index, rule in enumerate(rules)
        ],
        incomplete,
    )


def complete_variable(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> "list[CompletionItem[str]]":
    """Completes names of variables of this environment; nothing once a value is typed."""
    names = sorted(name for name in os.environ if re.match(ENV_KEY, name))
    return _completion_items([Suggestion(name) for name in names], incomplete)


def _is_active(run: Run) -> bool:
    """Whether a run can be stopped."""
    return not run.is_final


def _runs(
    ctx: click.Context, wanted: Callable[[Run], bool] = lambda _: True
) -> Sequence[Suggestion]:
    settings = _read_settings(ctx)
    runner = ctx.params.get("runner")
    if settings is None or not runner:
        return ()

    async def runs(session: CommandSession) -> Sequence[Suggestion]:
        listing = await session.client.list_runs((await resolve_runner(session, runner)).id)
        newest = sorted(filter(wanted, listing.items), key=newest_first)
        return [Suggestion(run.id, sanitize(run.status)) for run in newest]

    return _request(settings, runs)


def _read_settings(ctx: click.Context) -> Settings | None:
    try:
        return load_settings(ctx, ctx.params.get("profile"))
    except NodionError:
        return None


def _request(
    settings: Settings, request: Callable[[CommandSession], Awaitable[Sequence[Suggestion]]]
) -> Sequence[Suggestion]:
    """Sends a request; empty if it fails or times out, or if the key comes from a command."""
    source = settings.profile.key_source
    # The profile of a running engine has its key and no source.
    if settings.profile.key is None and (source is None or not source.is_instant):
        return ()

    async def run() -> Sequence[Suggestion]:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            async with open_session(settings.profile, Output(silent=True)) as session:
                return await request(session)

    try:
        return asyncio.run(run())
    except (NodionError, TimeoutError):
        return ()


async def _request_runners(session: CommandSession) -> Sequence[Suggestion]:
    return [Suggestion(runner.id, runner.name) for runner in (await list_runners(session)).items]


def _completion_items(
    suggestions: Sequence[Suggestion], incomplete: str
) -> "list[CompletionItem[str]]":
    """Items that start with the typed text, ignoring case; without control characters."""
    from click.shell_completion import CompletionItem  # noqa: PLC0415  # on demand

    folded = incomplete.casefold()
    matching = [
        CompletionItem(suggestion.value, help=sanitize(suggestion.label) or None)
        for suggestion in suggestions
        if suggestion.value.casefold().startswith(folded)
        and sanitize(suggestion.value) == suggestion.value
    ]
    return matching[:MAX_ITEMS]
