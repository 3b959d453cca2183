"""Helpers that read the state of a trigger form."""

from collections.abc import Callable
from typing import Any

from textual.widgets import Static

from nodion_tui.config import Profile
from nodion_tui.model.runner import Runner
from nodion_tui.model.trigger_draft import CommandMode, TriggerDraft
from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.dialogs.field import FormField
from nodion_tui.ui.trigger.dialog import TriggerDialog
from nodion_tui.ui.trigger.env_row import EnvRowEditor
from nodion_tui.ui.trigger.form_edges import FormFoot
from nodion_tui.ui.trigger.form_target import FormTarget
from tests.support.dialogs import DialogStage

ARGV = TriggerDraft(mode=CommandMode.ARGV, argv_text="python migrate.py")

Make = Callable[..., TriggerDialog]
"""Creates the form from a draft, with options that override the defaults."""


def trigger_form(runner: Runner, *, profile: Profile, **given: Any) -> TriggerDialog:
    """The form of a runner, with options of the form and of its target."""
    target = {name: given.pop(name) for name in FormTarget.__struct_fields__ if name in given}
    return TriggerDialog(FormTarget(runner, profile, **target), **given)


def verdict(stage: DialogStage) -> str:
    """The text beside the button."""
    return str(stage.app.screen.query_one(FormFoot).verdict)


def can_trigger(stage: DialogStage) -> bool:
    """Whether the button is enabled."""
    return not stage.app.screen.query_one("#trigger-submit", CompactButton).disabled


def notes(stage: DialogStage, field: str) -> str:
    """The problems and hints below a field."""
    return _line(stage, field, ".field--notes")


def counter(stage: DialogStage, field: str) -> str:
    """The counter below a field."""
    return _line(stage, field, ".field--count")


def label(stage: DialogStage, field: str) -> str:
    """The label of a field, with its mark if it was changed."""
    return str(stage.app.screen.query_one(f"#trigger-field-{field}", FormField).render())


def _line(stage: DialogStage, field: str, selector: str) -> str:
    shown = stage.app.screen.query(f"#trigger-field-{field} {selector}").results(Static)
    return "".join(str(line.content) for line in shown if line.display)


def env_rows(stage: DialogStage) -> list[EnvRowEditor]:
    """The rows of the environment."""
    return list(stage.app.screen.query(EnvRowEditor))


def env_problems(stage: DialogStage) -> list[str]:
    """The problem text of each row of the environment, where it is shown."""
    shown = [row.query(".env--problem").results(Static) for row in env_rows(stage)]
    return ["".join(str(line.content) for line in lines if line.display) for lines in shown]
