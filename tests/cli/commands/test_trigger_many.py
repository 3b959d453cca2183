"""`trigger --times --vary --at-most`: many runs, each request sent once."""

import asyncio
import itertools
import signal
import time
from collections.abc import Callable

import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.model.run import Run
from tests.cli.conftest import Cli
from tests.support.faulty_engine import Fault, with_faults


class Posts:
    """Counts the triggers, and chooses a fault for some of them by their number from 1 on."""

    def __init__(self) -> None:
        self.faults: dict[int, Fault] = {}
        self.times: list[float] = []
        self.unlisted: list[Fault] = []
        """Of the lists that are asked for after the first trigger, one after the other."""

    def __call__(self, method: str, path: str) -> Fault | None:
        if method == "GET" and path.endswith("/runs") and self.times and self.unlisted:
            return self.unlisted.pop(0)
        if method != "POST" or not path.endswith("/runs"):
            return None
        self.times.append(time.monotonic())
        return self.faults.get(len(self.times))


@pytest.fixture
def posts() -> Posts:
    return Posts()


@pytest.fixture
def engine_settings(engine_settings: EngineSettings, posts: Posts) -> EngineSettings:
    return with_faults(engine_settings, posts, stop_seconds=0.5)


async def runs_of(client: NodionClient, runner: str) -> list[Run]:
    return list((await client.list_runs(runner)).items)


async def test_of_20_triggers_with_3_lost_answers_none_is_sent_twice(
    cli: Cli, client: NodionClient, runner_id: Callable[[str], str], posts: Posts
) -> None:
    posts.faults = {number: Fault(cut_after=5) for number in (3, 4, 11)}
    done = await cli("trigger", "Hello", "--times", "20", "--yes")
    assert len(posts.times) == 20
    runs = await runs_of(client, runner_id("Hello"))
    assert len(runs) == 20
    results = [row[1] for row in done.rows]
    assert (results.count("started"), results.count("unknown"), len(results)) == (17, 3, 20)
    assert {row[0] for row in done.rows} - {""} <= {run.id for run in runs}
    assert "started 17 of 20: 3 unknown" in done.err
    assert done.code == 1
    assert done.err.count("new since then") == 3  # each its own run, and none of ours


async def test_every_combination_is_followed_as_one_log(cli: Cli, posts: Posts) -> None:
    script = 'echo "at $REGION with $1"'
    done = await cli(
        *("trigger", "Hello", "--vary", "REGION=eu,us", "--vary", "5=fast,a\\,b", "-f", "-T"),
        *("--", "sh", "-c", script, "job", "x"),
    )
    assert done.code == 0, done.err
    printed = {line.partition(" │ ")[2] for line in done.lines}
    wanted = {"at eu with fast", "at us with fast", "at eu with a,b", "at us with a,b"}
    assert wanted <= printed
    assert "4 of 4 succeeded" in done.err
    assert len(posts.times) == 4
    failed = await cli("trigger", "Hello", "--vary", "CODE=0,3", "-f", "--shell", "exit $CODE")
    assert (failed.code, "1 of 2 succeeded" in failed.err) == (1, True)


async def test_at_most_waits_for_ends(
    cli: Cli, client: NodionClient, runner_id: Callable[[str], str]
) -> None:
    options = ("--times", "3", "--at-most", "1", "-f")
    done = await cli("trigger", "Hello", *options, "--shell", "sleep 0.2; echo ok")
    assert done.code == 0
    runs = sorted(await runs_of(client, runner_id("Hello")), key=lambda run: str(run.created_at))
    for before, after in itertools.pairwise(runs):
        assert before.completed_at is not None
        assert after.created_at is not None
        assert after.created_at >= before.completed_at


async def test_an_outage_while_ends_are_waited_for_is_told_and_a_lost_right_ends_it(
    cli: Cli, posts: Posts
) -> None:
    options = ("--times", "2", "--at-most", "1", "--shell", "sleep 0.2")
    posts.unlisted = [Fault(status=503)] * 2
    done = await cli("trigger", "Hello", *options)
    assert (done.code, done.err.count("waiting, as the runs cannot be listed")) == (0, 1)
    assert "the runs can be listed again" in done.err
    posts.unlisted = [Fault(status=403)] * 2  # the first list is of the runs before it
    done = await cli("trigger", "Hello", *options)
    assert [row[1] for row in done.rows] == ["started", "not sent"]
    assert done.code == 4


async def test_retry_after_is_obeyed_and_what_was_refused_is_not_sent_again(
    cli: Cli, client: NodionClient, runner_id: Callable[[str], str], posts: Posts
) -> None:
    posts.faults = {2: Fault(status=429, headers={"Retry-After": "1"})}
    done = await cli("trigger", "Hello", "--times", "3")
    assert [row[1] for row in done.rows] == ["started", "not started", "started"]
    assert posts.times[2] - posts.times[1] >= 1
    assert len(await runs_of(client, runner_id("Hello"))) == 2
    assert done.code == 1


async def test_what_every_request_would_meet_ends_the_series(cli: Cli, posts: Posts) -> None:
    posts.faults = {number: Fault(status=403) for number in range(1, 9)}
    done = await cli("trigger", "Hello", "--times", "4")
    assert len(posts.times) == 1
    assert [row[1] for row in done.rows] == ["not started", *["not sent"] * 3]
    assert done.code == 4
    posts.faults = {number: Fault(status=400) for number in range(1, 9)}
    again = await cli("trigger", "Hello", "--times", "2", "--vary", "A=x,y")
    assert len(posts.times) == 3  # each of the two requests once
    assert [row[1] for row in again.rows].count("not started") == 2


async def test_an_interrupt_sends_no_more_and_says_how_many_were(
    cli: Cli, client: NodionClient, runner_id: Callable[[str], str]
) -> None:
    words = ("trigger", "Until stopped", "--times", "4", "--at-most", "1", "-f")
    process = await cli.start(*words, "--stop-on-interrupt")
    assert process.stdout is not None
    async with asyncio.timeout(20):
        await process.stdout.readline()
    process.send_signal(signal.SIGINT)
    done = await cli.end(process)
    assert done.code == 130
    assert "started 1 of 4: 3 not sent" in done.err
    (run,) = await runs_of(client, runner_id("Until stopped"))
    assert run.status == "canceled"


async def test_more_than_a_handful_is_confirmed_and_mistakes_send_nothing(
    cli: Cli, runner_id: Callable[[str], str], posts: Posts
) -> None:
    for words, told in [
        (("--times", "6"), "6 runs would be started: confirm with --yes"),
        (("--times", "101", "--yes"), "101 is out of range"),
        (("--times", "51", "--vary", "A=1,2"), "102 runs, limit 100"),
        (("--vary", "A=1", "--vary", "A=2"), "A is varied twice"),
        (("--vary", "1=a,b"), "there is no argument 1: no argv is given"),
        (("--vary", "A"), "expected NAME=a,b,c"),
        (("--vary", "A=x,,y"), "value 2 of A is empty"),
        (("--at-most", "2"), "--at-most requires"),
        (("--times", "2", "-f", "--ci", "github"), "--ci reports one run"),
    ]:
        done = await cli("trigger", "Hello", *words)
        code = 125 if "-f" in words else 2
        assert (done.code, told in done.err) == (code, True), done.err
    cli.configure("[profiles.p]\nconfirm_name = true\n[profiles.r]\nread_only = true\n")
    by_id = await cli("trigger", "-p", "p", runner_id("Hello")[:8], "--times", "2")
    assert "requires the runner's name" in by_id.err
    refused = await cli("trigger", "-p", "r", "Hello", "--times", "2")
    assert (refused.code, posts.times) == (4, [])
