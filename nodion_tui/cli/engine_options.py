"""Options of the root command that select an embedded engine."""

from dataclasses import dataclass
from pathlib import Path

import click


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineOptions:
    """Which embedded engine was asked for, if any."""

    demo: bool = False
    """One with simulated history and jobs of its own."""
    local: bool = False
    """One that is empty at first."""
    ephemeral: bool = False
    """`local`, and its data is removed at the end."""
    data: Path | None = None
    """Folder of its data; None: one of the program's own."""

    def check(self, other: str) -> None:
        """Check that the options can be combined.

        Args:
            other: another option that selects what to connect to; empty: there is none.

        Raises:
            click.UsageError: they cannot.
        """
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
