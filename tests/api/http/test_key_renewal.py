"""An expired key from a key command is renewed transparently."""

import asyncio
import json
import os
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path

import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.api.follow.events import NewLines, RunEnded
from nodion_tui.api.follow.follower import LogFollower
from nodion_tui.api.http.key_renewal import PAUSE_SECONDS, KeyRenewal
from nodion_tui.config import Profile, read_settings, with_key
from nodion_tui.model.errors import KeyRejected
from nodion_tui.model.trigger import TriggerRequest
from tests.api.conftest import KEY, QUICK
from tests.support.hostile import RUNNER_ID, Exchange, HostileServer, Script, honest

Keys = Callable[..., Profile]


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    """A profile whose command prints these keys in turn, then repeats the last one."""

    def profile(server: HostileServer, *keys: str) -> Profile:
        counter = tmp_path / "counter"
        counter.touch()
        lines = "".join(f"{number}) echo {key};;" for number, key in enumerate(keys[:-1], 1))
        shell = (
            f"echo x >> {counter}; case $(wc -l < {counter}) in {lines} *) echo {keys[-1]};; esac"
        )
        (tmp_path / "config.toml").write_text(
            f'[profiles.p]\napi_url = "{server.url}"\n'
            f"key_command = {json.dumps(['sh', '-c', shell])}\n"
        )
        return with_key(read_settings(environ={"NODION_TUI_CONFIG": str(tmp_path)}).profile)

    return profile


def asked(tmp_path: Path) -> int:
    """How often the command ran."""
    return len((tmp_path / "counter").read_text().split())


def only_for(key: str, script: Script) -> Script:
    """Answers this key; rejects any other."""

    async def check(exchange: Exchange) -> None:
        if exchange.headers["authorization"] == f"Bearer {key}":
            await script(exchange)
        else:
            await exchange.answer(401, {"error": "expired"})

    return check


async def run(exchange: Exchange) -> None:
    await exchange.answer(200, {"run": exchange.server.run()})


async def test_requests_continue_with_the_new_key_and_the_command_runs_once(
    keys: Keys, tmp_path: Path
) -> None:
    async with HostileServer() as server:
        server.always("run", only_for("second", run))
        async with NodionClient(keys(server, "first", "second")) as client:
            await asyncio.gather(*(client.get_run(*KEY) for _ in range(5)))
    assert asked(tmp_path) == 2


async def test_a_log_is_followed_across_key_expiry(keys: Keys) -> None:
    async def half(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.lines(0, 20)

    async with HostileServer(40) as server:
        server.plan("stream", only_for("first", half))
        server.always("stream", only_for("second", honest))
        async with NodionClient(keys(server, "first", "second")) as client:
            follower = LogFollower(client, KEY, timing=QUICK, rng=lambda: 0.0)
            async with aclosing(follower.events()) as events:
                received = [event async for event in events]
    lines = [line for event in received if isinstance(event, NewLines) for line in event.lines]
    assert [line.body for line in lines] == [f"line {index}" for index in range(40)]
    assert isinstance(received[-1], RunEnded)


async def test_a_trigger_is_not_sent_again_but_the_next_one_has_the_new_key(keys: Keys) -> None:
    async with HostileServer() as server:
        server.always("trigger", only_for("second", run))
        async with NodionClient(keys(server, "first", "second")) as client:
            with pytest.raises(KeyRejected):
                await client.trigger(RUNNER_ID, TriggerRequest())
            assert server.count("trigger") == 1
            await client.trigger(RUNNER_ID, TriggerRequest())


async def test_a_command_without_a_new_key_is_not_run_again_for_a_while(
    keys: Keys, tmp_path: Path
) -> None:
    now = 0.0
    async with HostileServer() as server:
        server.always("run", only_for("second", run))
        profile = keys(server, "first")
        async with NodionClient(profile) as client:
            for _ in range(3):
                with pytest.raises(KeyRejected):
                    await client.get_run(*KEY)
        assert asked(tmp_path) == 2
        renewal = KeyRenewal(profile, terminal_in_use=True, clock=lambda: now)
        assert [await renewal.renew() for _ in range(3)] == [False] * 3
        now += PAUSE_SECONDS
        assert not await renewal.renew()
    assert asked(tmp_path) == 4


def test_a_command_behind_a_full_screen_ui_has_no_terminal(tmp_path: Path) -> None:
    """A prompt would overwrite the screen, so the command runs in its own session."""
    (tmp_path / "config.toml").write_text(
        '[profiles.p]\nkey_command = ["sh", "-c", "ps -o sid= -p $$ | tr -d \' \'"]\n'
    )
    profile = read_settings(environ={"NODION_TUI_CONFIG": str(tmp_path)}).profile
    sessions = [with_key(profile, terminal_in_use=on_screen).key for on_screen in (False, True)]
    session_ids = [int(session.reveal()) for session in sessions if session is not None]
    assert session_ids[0] == os.getsid(0)
    assert session_ids[1] != os.getsid(0)
