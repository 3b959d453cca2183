"""Command lines that a notice proposes to type next."""

import shlex

import click

_ROOT_OPTIONS = {
    "demo": "--demo",
    "local": "--local",
    "data": "--data",
    "allow_http": "--allow-http",
}
"""Parameters of the root command that select the service, and their options."""


def next_command(*words: str) -> str:
    """A command line that asks the service which the running command asks.

    Args:
        words: the command and its arguments.
    """
    line = ["nodion-tui"]
    if context := click.get_current_context(silent=True):
        root = context.find_root().params
        for name, option in _ROOT_OPTIONS.items():
            if value := root.get(name):
                line += [option] if value is True else [option, str(value)]
        if profile := context.params.get("profile") or root.get("profile"):
            line += ["--profile", profile]
    return shlex.join([*line, *words])
