"""`completion`: prints the completion script of a shell."""

import click

from nodion_tui.cli.process.exit_codes import COMPLETION_VARIABLE

_SETUP = {
    "bash": 'eval "$(nodion-tui completion bash)"      # in ~/.bashrc',
    "zsh": 'eval "$(nodion-tui completion zsh)"       # in ~/.zshrc, after compinit',
    "fish": "nodion-tui completion fish | source       # in ~/.config/fish/config.fish",
}


@click.command(epilog="\b\nExamples:\n  " + "\n  ".join(_SETUP.values()))
@click.argument("shell", metavar="SHELL", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> int:
    """Print a completion script for commands, options, profiles, runners and runs.

    SHELL is bash, zsh or fish.
    """
    from click.shell_completion import shell_complete  # noqa: PLC0415  # on demand

    from nodion_tui.cli.completion.answer import register_shells  # noqa: PLC0415  # see above

    register_shells()
    program = ctx.find_root().command
    return shell_complete(program, {}, "nodion-tui", COMPLETION_VARIABLE, f"{shell}_source")
