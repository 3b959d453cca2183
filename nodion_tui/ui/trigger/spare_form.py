"""A trigger form that is mounted before it is opened: half of what its opening takes.

It is blank, and was never open: a form that was would keep what was typed in it.
"""

import asyncio
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from nodion_tui.ui.commands.registry import keymap_of
from nodion_tui.ui.terminal.dialog_door import mount_ahead
from nodion_tui.ui.trigger.dialog import TriggerDialog

if TYPE_CHECKING:
    from textual.app import App

    from nodion_tui.ui.trigger.form_target import FormTarget

_REST_SECONDS = 0.03
"""Time before one is mounted: a form that was closed has gone by then."""


class SpareForm:
    """The next form of an app.

    Args:
        app: opens it.
    """

    def __init__(self, app: "App[Any]") -> None:
        self._app = app
        self._form: TriggerDialog | None = None
        self._made_for: object = None
        self._is_making = False

    async def prepare(self, target: "FormTarget") -> None:
        """Mount a form, unless there is one."""
        if self._form is not None or self._is_making:
            return
        self._is_making = True
        try:
            await asyncio.sleep(_REST_SECONDS)
            form, made_for = TriggerDialog(target), self._surroundings(target)
            if await mount_ahead(self._app, form):
                self._form, self._made_for = form, made_for
        finally:
            self._is_making = False

    def take(self, target: "FormTarget") -> TriggerDialog | None:
        """The form, for a target; None if there is none that fits the window."""
        form, self._form = self._form, None
        if form is None:
            return None
        if self._made_for != self._surroundings(target):
            form.remove()
            return None
        form.aim(target)
        return form

    def _surroundings(self, target: "FormTarget") -> object:
        """What a form is laid out and labelled for, and whether it has presets."""
        return self._app.size, keymap_of(self._app), target.presets is not None


_OF_APPS: "WeakKeyDictionary[App[Any], SpareForm]" = WeakKeyDictionary()


def spare_form(app: "App[Any]") -> SpareForm:
    """The spare form of an app."""
    return _OF_APPS.setdefault(app, SpareForm(app))
