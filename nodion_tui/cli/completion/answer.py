"""Answers a shell that asks for completions."""

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

import click
from click.shell_completion import add_completion_class

from nodion_tui.cli.completion.bash import QuotingBashComplete
from nodion_tui.cli.completion.shells import ExactFishComplete, ExactZshComplete


def register_shells() -> None:
    """Replaces the completion of click for each shell."""
    for shell in (QuotingBashComplete, ExactZshComplete, ExactFishComplete):
        add_completion_class(shell)


def answer_completion(program: click.Command, arguments: Sequence[str]) -> NoReturn:
    """Prints the suggestions and ends the process.

    A person waits at every Tab, so memory is neither searched for garbage nor taken down: that
    alone takes a quarter of the time.
    """
    gc.disable()
    register_shells()
    code = 0
    try:
        program.main(list(arguments), prog_name="nodion-tui")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    with suppress(OSError):
        sys.stdout.flush()
    os._exit(code)
