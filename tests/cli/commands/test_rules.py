"""`rules test`: what holds, what would be told, and what is sent on request."""

import asyncio
import json
import shlex

import pytest

from tests.cli.conftest import PROGRAM, Cli
from tests.support.terminal import Terminal

RULES = """\
[[rules]]
name = "pager"
runner = "fail*"
status = "failed"
tell = ["toast", "bell", "desktop"]
command = ["sh", "-c", 'cat > "$0.part" && mv "$0.part" "$0"', {told}]

[[rules]]
longer_than = "2h"
tell = "toast"

[[rules]]
name = "broken"
status = "failed"
tell = []
command = ["sh", "-c", "echo cannot reach the pager >&2; exit 6"]

[[rules]]
name = "quiet"
not_for = "26h"
"""


@pytest.fixture
async def failed(cli: Cli) -> str:
    """Id of a run that failed, with the rules configured."""
    cli.configure(RULES.replace("{told}", json.dumps(str(cli.folder / "told"))))
    ended = await cli("trigger", "Failing", "--follow", "--json", "id")
    assert ended.code == 3, ended.err
    return str(ended.objects[0]["id"])


async def test_each_condition_is_said_and_nothing_is_sent(cli: Cli, failed: str) -> None:
    done, other, silent = await asyncio.gather(
        cli("rules", "test", "pager", failed[:8]),
        cli("rules", "test", "1", "latest-failed", "--json"),
        cli("rules", "test", "quiet", "latest"),
    )
    assert (done.code, other.code, silent.code) == (0, 1, 1), done.err + other.err + silent.err
    rows = {key: (holds, detail) for key, holds, detail in done.rows}
    assert rows["runner"] == ("yes", "'fail*' matches Failing")
    assert rows["status"] == ("yes", "wants failed; the run is failed")
    assert rows["told"][1].startswith("once for each run")
    assert rows["toast"][1].startswith("Failing failed: exit 3 · ")
    assert rows["command"][0] == "yes"
    (answer,) = other.objects
    held = {each["key"]: each["holds"] for each in answer["conditions"]}
    assert (answer["matches"], held) == (
        False,
        {"runner": True, "status": True, "longer_than": False},
    )
    assert ["not_for", "no"] in [row[:2] for row in silent.rows]
    assert ["newest", "yes"] in [row[:2] for row in silent.rows]
    assert not (cli.folder / "told").exists()


async def test_what_does_not_exist_is_said(cli: Cli, failed: str) -> None:
    rule, run, terminal = await asyncio.gather(
        cli("rules", "test", "pagr", failed),
        cli("rules", "test", "pager", "0000"),
        cli("rules", "test", "pager", failed, "--send"),
    )
    assert (rule.code, run.code, terminal.code) == (2, 2, 2)
    assert "no rule is 'pagr'; config.toml has pager, 1, broken, quiet" in rule.err
    assert "no run of the account has an id that starts with '0000'" in run.err
    assert "--send needs a terminal" in terminal.err


async def test_send_sends_and_a_failing_command_says_why(cli: Cli, failed: str) -> None:
    broken = await cli("rules", "test", "broken", failed, "--send")
    assert broken.code == 2
    assert "sh failed: exit 6: cannot reach the pager" in broken.err
    command = shlex.join([PROGRAM, "rules", "test", "pager", failed, "--send"])

    def on_a_terminal() -> bytes:
        with Terminal(("sh", "-c", command), env=cli.env) as terminal:
            assert terminal.wait_exit() == 0
            terminal.wait_for("sh has run")
            return bytes(terminal.raw)

    raw = await asyncio.to_thread(on_a_terminal)
    assert b"\x1b]9;Failing failed: exit 3" in raw
    assert json.loads((cli.folder / "told").read_text())["run"]["id"] == failed
