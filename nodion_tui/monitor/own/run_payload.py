"""A run with its runner as commands of the user get it: JSON, in one shape for all of them."""

import msgspec

from nodion_tui.model.run import RunRecord


class PayloadRunner(msgspec.Struct, frozen=True):
    """The runner of a run."""

    id: str
    name: str
    """Empty if it is not known."""


class RunPayload(msgspec.Struct, frozen=True, kw_only=True):
    """A run as the API sends it, and its runner."""

    runner: PayloadRunner
    run: RunRecord
