"""Options of the root command that select an embedded engine."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

_WITHOUT_SERVICE = frozenset(
    {"serve", "config", "profiles", "completion", "keys", "help", "version"}
)
"""Commands that send no request."""


class EngineOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Which embedded engine was asked for, if any."""

    demo: bool = False
    """One with simulated history and jobs of its own."""
    local: bool = False
    """One that is empty at first."""
    ephemeral: bool = False
    """`local`, and its data is removed at the end."""
    data: Path | None = None
    """Folder of its data; None: one of the program's own."""

    def check_command(self, command: str) -> None:
        """Check that a command can use the engine.

        Raises:
            click.UsageError: it cannot.
        """
        import click  # noqa: PLC0415 - the dashboard starts without it

        if self.ephemeral:
            raise click.UsageError("--ephemeral only applies to the dashboard")
        if (self.demo or self.local) and command in _WITHOUT_SERVICE:
            option = "--demo" if self.demo else "--local"
            raise click.UsageError(f"{option} does not apply to `{command}`")

    def check(self, other: str) -> None:
        """Check that the options can be combined.

        Args:
            other: another option that selects what to connect to; empty: there is none.

        Raises:
            click.UsageError: they cannot.
        """
        import click  # noqa: PLC0415 - as above

        extra = {
            "--local": self.local,
            "--data": self.data is not None,
            "--ephemeral": self.ephemeral,
            other: bool(other),
        }
        given = [option for option, is_given in extra.items() if is_given]
        if self.demo and given:
            raise click.UsageError(f"--demo and {given[0]} exclude each other")
        for option in ("--data", "--ephemeral"):
            if option in given and not self.local:
                raise click.UsageError(f"{option} requires --local")
        if self.data is not None and self.ephemeral:
            raise click.UsageError("--data and --ephemeral exclude each other")


def engine_options(parameters: Mapping[str, Any]) -> EngineOptions:
    """The options among the parameters of the root command."""
    return EngineOptions(
        demo=bool(parameters.get("demo")),
        local=bool(parameters.get("local")),
        ephemeral=bool(parameters.get("ephemeral")),
        data=parameters.get("data"),
    )
