"""What the upper edge of a log says: which run it is of.

Where the log stands alone on the screen also what the lists beside it would say.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from nodion_tui.model.run import Run, RunStatus
from nodion_tui.model.runner import Runner, short_id
from nodion_tui.model.sanitize import visible
from nodion_tui.ui.log.border import Tone, Words
from nodion_tui.ui.paint import format as cells
from nodion_tui.ui.paint.theme import Glyphs

_TONES: Mapping[str, Tone] = MappingProxyType(
    {RunStatus.SUCCEEDED: "live", RunStatus.FAILED: "failed", RunStatus.RUNNING: "title"}
)


def name(run_id: str) -> tuple[Words, ...]:
    """Which run it is."""
    return (Words(f"Log · {short_id(run_id)}", "title"),)


def about(run: Run, runner: Runner | None, now: datetime, glyphs: Glyphs) -> tuple[Words, ...]:
    """How the run stands, whose it is and how long it took, the most important first."""
    ending = f" {run.exit_code}" if run.exit_code else ""
    status = Words(
        visible(f"{glyphs.status(run.status)} {run.status}{ending}"),
        _TONES.get(run.status, "facts"),
    )
    facts = [runner.label if runner else "", cells.duration(run.duration(now))]
    return (status, *(Words(visible(fact)) for fact in facts if fact))
