"""A trigger form that is mounted before it is opened: two thirds of what its opening takes.

It is blank, and was never open: a form that was would keep what was typed in it.
"""

import asyncio
import time
from typing import TYPE_CHECKING, Any

from nodion_tui.ui.commands.registry import keymap_of
from nodion_tui.ui.terminal.dialog_door import mount_ahead
from nodion_tui.ui.trigger.dialog import TriggerDialog

if TYPE_CHECKING:
    from textual.app import App

    from nodion_tui.ui.trigger.form_target import FormTarget

_REST_SECONDS = 0.5
"""Time without a key after which one is mounted: it would hold up the next key."""


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
        """Mount a form once no key comes for a while, unless there is one."""
        if self._form is not None or self._is_making:
            return
        self._is_making = True
        try:
            while (rest := self._rest()) > 0:  # noqa: ASYNC110 - there is no event of no key
                await asyncio.sleep(rest)
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

    def _rest(self) -> float:
        """Seconds until no key has come for long enough."""
        typed_at: float = getattr(self._app, "typed_at", 0.0)
        return typed_at + _REST_SECONDS - time.monotonic()

    def _surroundings(self, target: "FormTarget") -> object:
        """What a form is laid out and labelled for, and whether it has presets."""
        return self._app.size, keymap_of(self._app), target.presets is not None


def spare_form(app: "App[Any]") -> SpareForm:
    """The spare form of an app, which holds it: a table of all apps would keep them."""
    spare: SpareForm = vars(app).setdefault("spare_form", SpareForm(app))
    return spare
