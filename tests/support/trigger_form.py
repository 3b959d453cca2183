"""What is read off a trigger form."""

from collections.abc import Callable

from textual.widgets import Static

from nodion_tui.model.trigger_draft import Mode, TriggerDraft
from nodion_tui.ui.dialogs.controls import Press
from nodion_tui.ui.trigger.dialog import TriggerDialog
from nodion_tui.ui.trigger.env_row import EnvLine
from tests.support.dialogs import Stage

ARGV = TriggerDraft(mode=Mode.ARGV, argv_text="python migrate.py")

Make = Callable[..., TriggerDialog]
"""Makes the form from a draft, and what is given otherwise than usual by its name."""


def verdict(stage: Stage) -> str:
    """What is said beside the button."""
    return stage.text("#trigger-verdict")


def can_trigger(stage: Stage) -> bool:
    """Whether the button is on."""
    return not stage.app.screen.query_one("#trigger-submit", Press).disabled


def env_problems(stage: Stage) -> list[str]:
    """What is said of each row of the environment."""
    lines = stage.app.screen.query(EnvLine)
    return [str(line.query_one(".env--problem", Static).content) for line in lines]
