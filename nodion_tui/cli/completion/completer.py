"""What completes an argument: a function of `values`, which a shell's question alone imports."""

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem

Completer = Callable[["click.Context", "click.Parameter", str], "list[CompletionItem[str]]"]
"""As click calls it: context, parameter and what is typed so far."""


def completer(subject: str) -> Completer:
    """The function `complete_SUBJECT` of `nodion_tui.cli.completion.values`."""

    def complete(
        ctx: "click.Context", parameter: "click.Parameter", incomplete: str
    ) -> "list[CompletionItem[str]]":
        values = importlib.import_module("nodion_tui.cli.completion.values")
        function: Completer = getattr(values, f"complete_{subject}")
        return function(ctx, parameter, incomplete)

    return complete
