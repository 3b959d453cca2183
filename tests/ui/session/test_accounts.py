"""Several accounts at once: one with a key that expires, one read-only, one unreachable.

Both engines have runners of the same ids, as engines of the same runners do.
"""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from nodion_tui.api.client import NodionClient
from nodion_tui.config import KeySource, Profile, Secret, Source
from nodion_tui.config.private_files import write_private_file
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from nodion_tui.model.notify_rule import NotifyRule
from nodion_tui.model.run import Run
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.ui.paint.widget_styles import profile_style
from tests.conftest import TEST_RUNNERS
from tests.support.faulty_engine import Fault
from tests.support.onscreen import OnScreen, on_screen

if TYPE_CHECKING:
    from tests.ui.conftest import Faults

EXPIRED = Fault(
    status=401, headers={"Content-Type": "application/json"}, body=b'{"error":"key expired"}'
)


@dataclass(frozen=True)
class Accounts:
    """Three profiles, and clients that act on the two engines from outside."""

    members: tuple[Profile, ...]
    production: NodionClient
    staging: NodionClient

    @asynccontextmanager
    async def shown(
        self, size: tuple[int, int] = (120, 36), rules: Sequence[NotifyRule] = ()
    ) -> AsyncIterator[OnScreen]:
        group = Profile(name="all", group=tuple(profile.name for profile in self.members))
        profiles = (*self.members, group)
        options = {"members": self.members, "profiles": profiles, "rules": rules}
        async with on_screen(group, size, **options) as shown:
            yield shown


@pytest.fixture
async def accounts(profile: Profile, tmp_path: Path) -> AsyncIterator[Accounts]:
    assert profile.key is not None
    key_file = tmp_path / "production.key"
    write_private_file(key_file, profile.key.reveal().encode())
    source = KeySource("file", Source("file", "config.toml", 3), str(key_file))
    settings = EngineSettings(data_dir=tmp_path / "staging", runners=TEST_RUNNERS, stop_seconds=0.5)
    async with EngineServer(settings) as engine:
        production = replace(
            profile, name="production", color="#d70000", confirm_name=True, key_source=source
        )
        staging = Profile(
            name="staging", api_url=engine.url, key=engine.key, color="#0000d7", read_only=True
        )
        dev = Profile(name="dev", api_url="http://127.0.0.1:1/v1", key=Secret("k"))
        async with (
            NodionClient(production) as first,
            NodionClient(replace(staging, read_only=False)) as second,
        ):
            yield Accounts((production, staging, dev), first, second)


async def begin(client: NodionClient, runner: str) -> Run:
    return await client.trigger(runner, TriggerRequest(argv=("sh", "-c", "echo ready; sleep 60")))


def row_of(shown: OnScreen, *words: str) -> str:
    """The row of the list of runs with these words."""
    return next(
        (line for line in shown.lines if "● running" in line and all(w in line for w in words)), ""
    )


async def test_all_accounts_are_one_list_and_each_row_says_whose_it_is(
    accounts: Accounts, runner_id: Callable[[str], str]
) -> None:
    await begin(accounts.production, runner_id("Hello"))
    await begin(accounts.staging, runner_id("Hello"))
    async with accounts.shown() as shown:
        await shown.sees("2 running", "up to date", "○ dev unreachable since", "dev since ")
        await shown.until(
            lambda: row_of(shown, " production ") and row_of(shown, " staging "), "both"
        )
        runs = shown.app.dashboard.lists.runs
        styles = {part.style for part in runs._row(0, 60)} | {p.style for p in runs._row(1, 60)}
        assert {profile_style("#d70000"), profile_style("#0000d7")} <= styles
        shown.app.dashboard.lists.runs.focus()
        await shown.press("/", *"profile:st", "tab")
        await shown.sees("1 found", "profile:staging")
        await shown.press("enter")
        await shown.sees("ready", "profile    staging")  # its log is streamed from there
        await shown.press("2")
        await shown.sees("Timeline", "Hello", " staging ", " production ")
        await shown.press("3")
        await shown.until(lambda: shown.text.count("ready") == 2, "both logs on the wall")
        upper_edges = [line for line in shown.lines if "Hello" in line]
        assert "production" in "".join(upper_edges)
        assert "staging" in "".join(upper_edges)
        await shown.press("P")
        await shown.sees("all         current, together: production, staging, dev")


async def test_an_act_takes_the_profile_of_its_row_and_asks_as_it_asks(
    accounts: Accounts, runner_id: Callable[[str], str], tmp_path: Path
) -> None:
    ours = await begin(accounts.production, runner_id("Hello"))
    other = await begin(accounts.staging, runner_id("Hello"))
    told = tmp_path / "told"
    command = ("sh", "-c", 'cat > "$0.part" && mv "$0.part" "$0"', str(told))
    rule = NotifyRule(name="stopped", status=frozenset({"canceled"}), command=command)
    async with accounts.shown(rules=[rule]) as shown:
        await shown.until(lambda: row_of(shown, "production") and row_of(shown, "staging"), "both")
        lists = shown.app.dashboard.lists
        lists.runs.focus()
        lists.runs.select(next(run.key for run in lists.runs.items if run.id == other.id))
        await shown.press("X")
        await shown.sees("Stop this run? ·  staging ", "staging is read-only")
        await shown.press("escape")
        lists.runs.select(next(run.key for run in lists.runs.items if run.id == ours.id))
        await shown.press("R")
        await shown.sees("Re-run with edits ·  production ")
        await shown.press("escape")

        await shown.press("g", "v", "j", "v")
        await shown.sees("2 marked")
        await shown.press("X")
        await shown.sees("Marked runs are of 2 profiles; a stop is for one", "Those of production")
        await shown.until(lambda: "Those of staging" in shown.text)
        keys = [
            line.split("Those of production")[0].split()[-1]
            for line in shown.lines
            if "Those of production" in line
        ]
        await shown.press(keys[0])
        await shown.sees("Stop 1 run? ·  production ", "Type the runner's name", "1 of 2 marked")
        await shown.press(*"Hello", "enter", "tab", "enter")
        await shown.sees("Stopped 1 of 1 ·  production ")
        await shown.press("escape")
        await shown.sees("1 marked")
        await shown.until(told.exists, "the rule's command")
    payload = json.loads(told.read_text())
    assert payload["profile"] == "production"
    assert payload["runner"] == {"id": runner_id("Hello"), "name": "Hello"}
    assert (await accounts.production.get_run(ours.runner_id, ours.id)).status == "canceled"
    assert (await accounts.staging.get_run(other.runner_id, other.id)).status == "running"


async def test_a_key_that_expires_is_asked_for_while_the_others_go_on(
    accounts: Accounts, faults: "Faults", runner_id: Callable[[str], str]
) -> None:
    await begin(accounts.production, runner_id("Hello"))
    async with accounts.shown() as shown:
        await shown.until(lambda: row_of(shown, "production"), "its run")
        faults.by_start["GET"] = EXPIRED
        shown.ask_for(runner_id("Hello"))
        await shown.sees("○ production invalid API key", "dev unreachable", "Put a valid key into")
        assert row_of(shown, "production")  # what was known stays
        await begin(accounts.staging, runner_id("Until stopped"))
        shown.ask_for(f"{runner_id('Until stopped')}@staging")
        await shown.until(lambda: row_of(shown, "staging"), "the others go on")
        faults.by_start.clear()
        await shown.press("r")
        await shown.until(lambda: "invalid API key" not in shown.text, "its return")
        await begin(accounts.production, runner_id("Chatty"))
        shown.ask_for(runner_id("Chatty"))
        await shown.until(lambda: row_of(shown, "production", "Chatty"), "its next run")
