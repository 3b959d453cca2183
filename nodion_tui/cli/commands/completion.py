"""`completion`: a script that makes a shell complete our commands, options and runners."""

import click

from nodion_tui.cli.output.streams import Output
from nodion_tui.cli.process.exit_codes import COMPLETION_VARIABLE

_SET_UP = {
    "bash": 'eval "$(nodion-tui completion bash)"      # in ~/.bashrc',
    "zsh": 'eval "$(nodion-tui completion zsh)"       # in ~/.zshrc, after compinit',
    "fish": "nodion-tui completion fish | source       # in ~/.config/fish/config.fish",
}


@click.command(epilog="\b\n" + "\n".join(_SET_UP.values()))
@click.argument("shell", metavar="SHELL", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> int:
    """Print a script that completes commands, options, profiles, runners and runs.

    SHELL is bash, zsh or fish.
    """
    from click.shell_completion import get_completion_class  # noqa: PLC0415  # seldom needed

    from nodion_tui.cli.completion_scripts import install  # noqa: PLC0415  # as above

    install()
    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"there is no completion for {shell}")
    script = found(ctx.find_root().command, {}, "nodion-tui", COMPLETION_VARIABLE).source()
    Output().write(script.encode())
    return 0
