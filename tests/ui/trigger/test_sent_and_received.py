"""The process receives argv and environment of the form, byte for byte."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.runners.runner_spec import RunnerSpec
from nodion_tui.model.runner import Runner
from nodion_tui.model.trigger import TriggerRequest, format_argv
from nodion_tui.model.trigger_draft import (
    ArgvStyle,
    CommandMode,
    EnvRow,
    TriggerDraft,
    draft_from_run,
    format_argv_text,
)
from tests.support.trigger_form import trigger_form

if TYPE_CHECKING:
    from pathlib import Path

    from nodion_tui.api.client import NodionClient
    from nodion_tui.config import Profile
    from nodion_tui.model.run import Run
    from tests.support.dialogs import OpenDialog

RUNNER = RunnerSpec(name="Echo", image_name="test/echo", run_command="true")
TELL = (
    "import json, os, sys; print(json.dumps([[os.fsencode(a).hex() for a in sys.argv[1:]],"
    " {k.decode(): v.hex() for k, v in os.environb.items() if k.startswith(b'T_')}]))"
)
PROGRAM = (sys.executable, "-I", "-c", TELL)

HARD_TOKENS: tuple[str, ...] = (
    *("", " ", "  two  ", "it's", 'a"b', "a\\", "\\", "$HOME", "`x`", "&&", "|", "-n", "--", "*"),
    *("line\nbreak", "\n", "\r", "a\r\nb", "\t", "\x0b\x0c", "\x1b[2J", "\x7f", "\x85", "\u2028"),
    *("🙂", "👩‍👩‍👧", "é", "e\u0301", "\u202e", "\ufeff", "漢字", "[/nope]", "#", "~", "!"),
)
TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12
) | st.sampled_from(HARD_TOKENS)


@pytest.fixture
def engine_settings(tmp_path: Path) -> EngineSettings:
    return EngineSettings(data_dir=tmp_path / "engine", runners=(RUNNER,))


async def received(client: NodionClient, request: TriggerRequest) -> tuple[Run, list[str], dict]:  # type: ignore[type-arg]  # names and values of text
    """Trigger a run and return the argv and environment that its process received."""
    run = await client.trigger(RUNNER.api_id, request)
    while not run.is_final:
        await asyncio.sleep(0.01)
        run = await client.get_run(RUNNER.api_id, run.id)
    lines = (await client.get_logs(RUNNER.api_id, run.id)).items
    assert run.status == "succeeded", [line.body for line in lines]
    (told,) = [line.body for line in lines if line.body.startswith("[[")]
    argv, env = json.loads(told)
    return run, [_text(each) for each in argv], {key: _text(each) for key, each in env.items()}


def _text(encoded: str) -> str:
    return bytes.fromhex(encoded).decode()


async def typed(opened: OpenDialog, profile: Profile, draft: TriggerDraft) -> TriggerRequest:
    """The request that the form sends for this draft."""
    runner = Runner(id=RUNNER.api_id, name=RUNNER.name)
    async with opened(trigger_form(runner, profile=profile, draft=draft)) as stage:
        await stage.press("ctrl+j")
        result = await stage.dismissed()
        assert isinstance(result, TriggerRequest)
        return result


@pytest.mark.parametrize("style", ArgvStyle)
async def test_the_hard_ones_through_the_form(
    opened: OpenDialog, client: NodionClient, profile: Profile, style: ArgvStyle
) -> None:
    tokens = HARD_TOKENS
    if style is ArgvStyle.LINES:
        tokens = tuple(token for token in tokens if "\n" not in token)
    env = tuple(EnvRow(f"T_{index}", token) for index, token in enumerate(HARD_TOKENS))
    draft = TriggerDraft(
        mode=CommandMode.ARGV,
        argv_text=format_argv_text((*PROGRAM, *tokens), style),
        argv_style=style,
        env=env,
    )
    request = await typed(opened, profile, draft)
    run, argv, environment = await received(client, request)
    assert argv == list(tokens)
    assert environment == {row.key: row.value for row in env}
    assert draft_from_run(run).request().argv == request.argv


async def test_pasted_into_the_form(
    opened: OpenDialog, client: NodionClient, profile: Profile
) -> None:
    runner = Runner(id=RUNNER.api_id, name=RUNNER.name)
    async with opened(trigger_form(runner, profile=profile)) as stage:
        await stage.press("f2")
        await stage.paste(format_argv((*PROGRAM, "a b", "", "it's\n🙂")))
        await stage.pilot.click(".env--new")
        await stage.paste("export T_A='x # y'\nT_B=\"one\ntwo\\t$HOME\"\nT_C=\n")
        await stage.press("ctrl+j")
        result = await stage.dismissed()
        assert isinstance(result, TriggerRequest)
        _, argv, environment = await received(client, result)
    assert argv == ["a b", "", "it's\n🙂"]
    assert environment == {"T_A": "x # y", "T_B": "one\ntwo\t$HOME", "T_C": ""}


async def test_a_shell_command_and_an_entrypoint(
    opened: OpenDialog, client: NodionClient, profile: Profile
) -> None:
    draft = TriggerDraft(
        mode=CommandMode.COMMAND, command=f"true && {format_argv((*PROGRAM, *HARD_TOKENS))}"
    )
    _, argv, _ = await received(client, await typed(opened, profile, draft))
    assert argv == list(HARD_TOKENS)

    draft = TriggerDraft(
        mode=CommandMode.ARGV, argv_text="a 'b c'", entrypoint=format_argv(PROGRAM)
    )
    _, argv, _ = await received(client, await typed(opened, profile, draft))
    assert argv == ["a", "b c"]

    draft = TriggerDraft(empty_entrypoint=True)
    assert (await typed(opened, profile, draft)).entrypoint == ""


@given(
    tokens=st.lists(TEXT, max_size=8).map(tuple),
    values=st.lists(TEXT, max_size=4).map(tuple),
    shell=st.booleans(),
)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_any_tokens_and_values(
    client: NodionClient,
    tokens: tuple[str, ...],
    values: tuple[str, ...],
    shell: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    text = format_argv((*PROGRAM, *tokens))
    env = tuple(EnvRow(f"T_{index}", value) for index, value in enumerate(values))
    draft = TriggerDraft(mode=CommandMode.ARGV, argv_text=text, env=env)
    if shell:
        draft = msgspec.structs.replace(draft, mode=CommandMode.COMMAND, command=text)
    assert draft.problems() == {}
    _, argv, environment = await received(client, draft.request())
    assert argv == list(tokens)
    assert environment == {row.key: row.value for row in env}
