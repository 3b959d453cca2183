"""One monitor of several accounts: what belongs to whom."""

from collections.abc import Callable
from pathlib import Path

import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.config import KeySource, Profile, Secret, Source
from nodion_tui.local.http.server import EngineServer
from nodion_tui.model.errors import NotReachable
from nodion_tui.model.listing import Listing
from nodion_tui.model.run import RunKey
from nodion_tui.model.runner import Runner
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.monitor.runs.changes import RUNNER_LIST
from tests.support.filled_monitor import a_run
from tests.support.running import running, wait_for_change


def profile(name: str, url: str = "https://api.example/v1") -> Profile:
    return Profile(name=name, api_url=url, key=Secret("key"))


def listed(*ids: str) -> Listing[Runner]:
    return Listing(tuple(Runner(id=each, name=each) for each in ids))


def test_a_runner_of_two_accounts_of_one_service_is_shown_once_under_the_first() -> None:
    monitor = Monitor(profile("production"), profile("staging"))
    production, staging = monitor.accounts
    staging.runs.apply_runners(listed("a", "b"))
    monitor.runs.apply_runs("a", Listing((a_run("a", 1),)))
    assert monitor.account_of("a") is staging
    production.runs.apply_runners(listed("a"))
    assert [runner.id for runner in monitor.runs.runners] == ["a", "b"]
    assert monitor.account_of("a") is production
    assert [runner.id for runner in staging.runs.runners] == ["b"]
    assert len(monitor.runs.all_runs()) == 1  # its runs are known already
    staging.runs.list_failed("a", NotReachable("late answer"))
    assert monitor.runs.freshness("a").error is None
    production.runs.apply_runners(listed())
    assert monitor.account_of("a") is staging
    staging.runs.apply_runners(listed("b"))
    assert not monitor.runs.all_runs()


def test_equal_ids_of_two_services_are_two_runners() -> None:
    monitor = Monitor(profile("production"), profile("staging", "https://other.example/v1"))
    production, staging = monitor.accounts
    production.runs.apply_runners(listed("a"))
    staging.runs.apply_runners(listed("a@staging"))  # as its client names it
    assert len(monitor.runs.runners) == 2
    assert monitor.account_of("a@staging") is staging
    assert staging.service_key(RunKey("a@staging", "1")) == RunKey("a", "1")
    assert production.service_id("a@staging") == "a@staging"
    assert monitor.label("a@staging") == "a@staging (staging)"


async def test_a_client_with_a_suffix_speaks_of_the_services_own_ids(
    engine: EngineServer, runner_id: Callable[[str], str]
) -> None:
    plain = Profile(api_url=engine.url, key=engine.key)
    async with NodionClient(plain, id_suffix="@here") as client:
        hello = f"{runner_id('Hello')}@here"
        assert hello in {runner.id for runner in (await client.list_runners()).items}
        assert (await client.get_runner(hello)).id == hello
        run = await client.trigger(hello, TriggerRequest())
        assert run.runner_id == hello
        assert [each.key for each in (await client.list_runs(hello)).items] == [run.key]
        assert (await client.stop(*run.key)).key == run.key
        await client.get_logs(*run.key)
        assert await client.list_runners() is await client.list_runners()


def test_what_is_asked_for_goes_to_the_poller_of_its_runner() -> None:
    monitor = Monitor(profile("production"), profile("staging"), requests_per_minute=30)
    production, staging = monitor.accounts
    production.runs.apply_runners(listed("a"))
    staging.runs.apply_runners(listed("b"))
    for account in monitor.accounts:
        account.poller._schedule.set_runners(runner.id for runner in account.runs.runners)
    monitor.poller.set_selected({"b"})
    assert not production.poller.selected
    assert staging.poller.selected == {"b"}
    monitor.poller.ask_now((RUNNER_LIST, "a"))
    assert production.poller.asked_by_hand == {RUNNER_LIST, "a"}
    assert staging.poller.asked_by_hand == {RUNNER_LIST}
    assert (production.poller.per_minute, staging.poller.per_minute) == (30, 30)  # a budget each
    before = monitor.runs.freshness("a").fetched_at
    staging.runs.add_suspend_time(60)
    assert monitor.runs.freshness("a").fetched_at == before


async def test_a_key_command_that_fails_hides_no_other_account(
    engine: EngineServer, tmp_path: Path
) -> None:
    script = tmp_path / "key"
    source = KeySource("command", Source("file", "config.toml", 3), argv=("cat", str(script)))
    failing = Profile(name="failing", api_url=engine.url, key_source=source)
    working = Profile(name="working", api_url=engine.url, key=engine.key)
    monitor = Monitor(failing, working)
    first, second = monitor.accounts
    async with running(monitor):
        await wait_for_change(
            monitor.runs.subscribe, lambda: first.trouble is not None and bool(monitor.runs.runners)
        )
        assert first.key_rejected
        assert not second.key_rejected
        assert "cat failed" in str(first.trouble and first.trouble.detail)
        assert monitor.account_of(monitor.runs.runners[0].id) is second
        script.write_text("other key than the last")
        await first.use(Profile(name="failing", api_url=engine.url, key=engine.key))
        await wait_for_change(
            monitor.runs.subscribe, lambda: first.runs.runners == monitor.runs.runners
        )
        assert first.trouble is None
    assert not monitor.started


@pytest.mark.parametrize("name", ["production", "staging"])
def test_what_was_started_and_stopped_is_told_of_all(name: str) -> None:
    monitor = Monitor(profile("production"), profile("staging"))
    account = next(each for each in monitor.accounts if each.name == name)
    account.run_control.started_here.add(RunKey("a", "1"))
    assert monitor.run_control.started_here == {RunKey("a", "1")}
    account.run_control.read_only = True
    assert not monitor.run_control.read_only
