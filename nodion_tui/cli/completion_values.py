"""What a shell may complete: profiles, runners, runs. Quick or silent, and never a prompt."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from nodion_tui.cli.runner_cache import Suggestion, cached_runners
from nodion_tui.config import Settings, read_settings
from nodion_tui.model.errors import NodionError
from nodion_tui.model.sanitize import sanitize

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem

    from nodion_tui.cli.session import CommandSession

TIMEOUT_SECONDS = 2.0
"""How long a person waits for a tab key."""
MAX_ITEMS = 100

Answer = TypeVar("Answer")


def complete_profile(
    _ctx: "click.Context", _param: "click.Parameter", incomplete: str
) -> "list[CompletionItem[str]]":
    """Names of profiles in config.toml."""
    try:
        profiles = read_settings().profiles
    except NodionError:
        return []
    return _items([Suggestion(each.name, each.api_url) for each in profiles], incomplete)


def complete_runner(
    ctx: "click.Context", _param: "click.Parameter", incomplete: str
) -> "list[CompletionItem[str]]":
    """Names of runners; ids too once the start of one is typed."""
    settings = _settings(ctx)
    if settings is None:
        return []
    runners = _ask(settings, _runners) or cached_runners(settings)
    names = [Suggestion(each.label or each.value, each.value[:8]) for each in runners]
    ids = [each for each in runners if incomplete and each.value.startswith(incomplete)]
    return _items(names, incomplete) or _items(ids, incomplete)


def complete_run(
    ctx: "click.Context", _param: "click.Parameter", incomplete: str
) -> "list[CompletionItem[str]]":
    """Ids of the runner's runs, newest first."""
    settings = _settings(ctx)
    runner = ctx.params.get("runner")
    if settings is None or not runner:
        return []

    async def runs(session: "CommandSession") -> Sequence[Suggestion]:
        from nodion_tui.cli.resolve import resolve_runner  # noqa: PLC0415  # once it is needed
        from nodion_tui.model.run import newest_first  # noqa: PLC0415  # as above

        listing = await session.client.list_runs((await resolve_runner(session, runner)).id)
        newest = sorted(listing.items, key=newest_first)
        return [Suggestion(run.id, sanitize(run.status)) for run in newest]

    return _items(_ask(settings, runs), incomplete)


def _settings(ctx: "click.Context") -> Settings | None:
    flags = ctx.find_root().params
    try:
        return read_settings(
            ctx.params.get("profile") or flags.get("profile"),
            allow_http=bool(flags.get("allow_http")),
        )
    except NodionError:
        return None


def _ask(
    settings: Settings, question: "Callable[[CommandSession], Awaitable[Sequence[Suggestion]]]"
) -> Sequence[Suggestion]:
    """What the service says; nothing if it is slow, or if the key would take a command to get."""
    source = settings.profile.key_source
    if source is None or not source.is_instant:
        return ()

    async def ask() -> Sequence[Suggestion]:
        from nodion_tui.cli.output.streams import Output  # noqa: PLC0415  # once it is needed
        from nodion_tui.cli.session import open_session  # noqa: PLC0415  # as above

        async with asyncio.timeout(TIMEOUT_SECONDS):
            async with open_session(settings.profile, Output(silent=True)) as session:
                return await question(session)

    try:
        return asyncio.run(ask())
    except (NodionError, TimeoutError):
        return ()


async def _runners(session: "CommandSession") -> Sequence[Suggestion]:
    from nodion_tui.cli.resolve import list_runners  # noqa: PLC0415  # once it is needed

    return [Suggestion(each.id, each.name) for each in (await list_runners(session)).items]


def _items(found: Sequence[Suggestion], incomplete: str) -> "list[CompletionItem[str]]":
    """Those that begin as typed, in either case; text that a terminal would obey stays away."""
    from click.shell_completion import CompletionItem  # noqa: PLC0415  # only a shell asks for it

    folded = incomplete.casefold()
    matching = [
        CompletionItem(each.value, help=sanitize(each.label) or None)
        for each in found
        if each.value.casefold().startswith(folded) and sanitize(each.value) == each.value
    ]
    return matching[:MAX_ITEMS]
