"""The runs of a trigger form that starts more than one."""

from typing import TYPE_CHECKING, Any

from nodion_tui.model.runner import Runner
from nodion_tui.model.variation import CONFIRM_ABOVE
from nodion_tui.monitor.many.planned_start import planned_starts
from nodion_tui.ui.session.error_text import disabled_reason
from nodion_tui.ui.trigger.many.start_dialog import OfferedStart, StartChoice, StartManyDialog

if TYPE_CHECKING:
    from textual.app import App

    from nodion_tui.ui.trigger.many.many_fields import ManyField
    from nodion_tui.ui.trigger.many.series_flow import StartPlace


async def choose_starts(
    app: "App[Any]",
    place: "StartPlace",
    runner: Runner,
    field: "ManyField",
    hidden: frozenset[str],
) -> StartChoice | None:
    """What to start; asks if there are many, or if the profile wants to be asked. None: nothing.

    Args:
        app: shows the dialog.
        place: the profile of the runner.
        runner: the runner.
        field: of the form.
        hidden: names of the variables whose values are not shown.
    """
    starts = planned_starts(runner.id, field.planned, hidden)
    offers = tuple(OfferedStart(start.label, start) for start in starts)
    if len(offers) <= CONFIRM_ABOVE and not place.profile.confirm_name:
        return StartChoice(offers, field.draft.limit())
    dialog = StartManyDialog(
        offers,
        profile=place.profile,
        description=runner.label,
        disabled_reason=disabled_reason(place),
        at_most=field.draft.at_most,
    )
    dialog.profile_in_title = place.named_profile
    return await app.push_screen_wait(dialog)
