"""Which command runs, for the exit code of a failure and for the command that may follow it."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click


ANSWERING = frozenset({"diff", "grep", "rules", "status"})
"""Commands whose exit code 1 is an answer, as with `grep`: their failures are 2 or more."""


@dataclass(slots=True)
class Invocation:
    """What is known of a command line once its command is found."""

    returns_run_exit_code: bool = False
    """Whether the exit code is that of the run, so that a failure of our own is 125."""
    answers_by_exit_code: bool = False
    """Whether the exit code 1 is an answer, so that a failure of our own is at least 2."""


def returns_run_exit_code(command: "click.Command", arguments: Sequence[str]) -> bool:
    """Whether the command returns the run's exit code: `wait`, `logs -f`, `trigger -f`.

    Also holds if the arguments are invalid: what can be parsed of them decides.
    """
    if command.name == "wait":
        return True
    if all(parameter.name != "follow" for parameter in command.params):
        return False
    context = command.make_context(
        command.name,
        list(arguments),
        resilient_parsing=True,
        ignore_unknown_options=True,
        allow_extra_args=True,
    )
    return bool(context.params.get("follow"))


def further_command(*words: str) -> str:
    """A command line for the same service, to be shown: the options that chose it come first."""
    import click  # noqa: PLC0415 - it runs already where this is called

    context = click.get_current_context(silent=True)
    root = context.find_root().params if context else {}
    profile = (context.params.get("profile") if context else None) or root.get("profile")
    flags = {"demo": "--demo", "local": "--local", "allow_http": "--allow-http"}
    options = [flag for name, flag in flags.items() if root.get(name)]
    if root.get("data"):
        options += ["--data", str(root["data"])]
    if profile:
        options += ["--profile", profile]
    return shlex.join(["nodion-tui", *options, *words])
