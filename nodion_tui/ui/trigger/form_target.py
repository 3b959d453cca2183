"""What a trigger form is for: a runner of an account."""

from collections.abc import Callable

from msgspec import Struct

from nodion_tui.config import Profile
from nodion_tui.model.runner import Runner
from nodion_tui.model.trigger_draft import EnvRow
from nodion_tui.monitor.storage.presets import PresetFile
from nodion_tui.monitor.storage.trigger_history import TriggerHistory


class FormTarget(Struct, frozen=True):
    """A runner, and what of its account the form shows and uses."""

    runner: Runner
    profile: Profile
    """The profile; may be read-only."""
    presets: PresetFile | None = None
    """The preset file; None: no preset row."""
    history: TriggerHistory | None = None
    """What was triggered lately, to be offered as well."""
    fill_secrets: Callable[[tuple[EnvRow, ...]], tuple[EnvRow, ...]] = lambda rows: rows
    """Fills in secret values that were typed in this session."""
    disabled_reason: str = ""
    """Why nothing can be started; empty: something can."""
    named_profile: Profile | None = None
    """The profile, for the title where there are several; None: not named there."""
