"""Which command runs, for the exit code of a failure."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import click


ANSWERING = frozenset({"diff", "grep", "rules", "status"})
"""Commands whose exit code 1 is an answer, as with `grep`: their failures are 2 or more."""

OF_SEVERAL_PROFILES = frozenset({"runners", "runs", "status"})
"""Commands that list what several profiles have."""
PROFILES = "nodion_tui.profiles"
"""Key of the names of `--profiles` in the contexts of a command line."""


class Invocation(msgspec.Struct):
    """What is known of a command line once its command is found."""

    returns_run_exit_code: bool = False
    """Whether the exit code is that of the run, so that a failure of our own is 125."""
    answers_by_exit_code: bool = False
    """Whether the exit code 1 is an answer, so that a failure of our own is at least 2."""


def returns_run_exit_code(
    command: "click.Command", arguments: Sequence[str], parent: "click.Context"
) -> bool:
    """Whether the command returns the run's exit code: `wait`, `logs -f`, `trigger -f`.

    Also holds if the arguments are invalid: what can be parsed of them decides. Without its
    parent a context makes a help option without `-h`, which click keeps.
    """
    if command.name == "wait":
        return True
    if all(parameter.name != "follow" for parameter in command.params):
        return False
    context = command.make_context(
        command.name,
        list(arguments),
        parent=parent,
        resilient_parsing=True,
        ignore_unknown_options=True,
        allow_extra_args=True,
    )
    return bool(context.params.get("follow"))
