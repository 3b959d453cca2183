"""Helpers that read the state of a trigger form."""

from collections.abc import Callable

from textual.widgets import Static

from nodion_tui.model.trigger_draft import CommandMode, TriggerDraft
from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.trigger.dialog import TriggerDialog
from nodion_tui.ui.trigger.env_row import EnvRowEditor
from tests.support.dialogs import DialogStage

ARGV = TriggerDraft(mode=CommandMode.ARGV, argv_text="python migrate.py")

Make = Callable[..., TriggerDialog]
"""Creates the form from a draft, with options that override the defaults."""


def verdict(stage: DialogStage) -> str:
    """The text beside the button."""
    return stage.text("#trigger-verdict")


def can_trigger(stage: DialogStage) -> bool:
    """Whether the button is enabled."""
    return not stage.app.screen.query_one("#trigger-submit", CompactButton).disabled


def env_problems(stage: DialogStage) -> list[str]:
    """The problem text of each row of the environment."""
    lines = stage.app.screen.query(EnvRowEditor)
    return [str(line.query_one(".env--problem", Static).content) for line in lines]
