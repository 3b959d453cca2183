from collections.abc import Sequence

import click
import pytest

from nodion_tui.cli import root
from nodion_tui.cli.output.next_command import next_command


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        ((), "nodion-tui stop a b"),
        (("--demo",), "nodion-tui --demo stop a b"),
        (("--local", "--data", "my data"), "nodion-tui --local --data 'my data' stop a b"),
        (("-p", "$(x)"), "nodion-tui --profile '$(x)' stop a b"),
    ],
)
def test_a_proposed_command_asks_the_same_service(arguments: Sequence[str], command: str) -> None:
    context = root.nodion_tui.make_context("nodion-tui", [*arguments, "stop"])
    with context, click.Context(click.Command("stop"), parent=context):
        assert next_command("stop", "a", "b") == command
