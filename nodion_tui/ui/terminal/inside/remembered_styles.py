"""A style sheet that remembers what its rules come to for a widget at a place of the tree.

Textual 8.2 looks at every rule for each widget that is mounted or changes a class, and checks those
that may hold against all widgets above it: a quarter of the time in which the trigger form opened.
A form that is opened again, and a field that gets the focus again, are at a place that is known.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from textual.app import App
from textual.cache import LRUCache
from textual.css.styles import RulesMap
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget

_MAX_SHEETS = 512
"""More than there are: with its own 64, Textual parses all again when one more is added."""
_MAX_PLACES = 4096

_Place: TypeAlias = tuple[object, ...]
"""All that a rule can ask of a widget and of those above it."""


class _Found(NamedTuple):
    """What the rules come to at a place."""

    rules: RulesMap
    """As the sheets say it."""
    styles: RulesMap
    """As Textual keeps it."""
    follows_mouse: bool
    """Whether any of the rules depends on the mouse."""


class RememberingStylesheet(Stylesheet):
    """Textual's, which finds the same rules."""

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._parse_cache = LRUCache(_MAX_SHEETS)
        self._known: LRUCache[_Place, _Found] = LRUCache(_MAX_PLACES)
        self._known_of: object = None
        """The rules that these are of."""
        self._sought: _Place | None = None

    def apply(
        self,
        node: DOMNode,
        *,
        animate: bool = False,
        cache: dict[tuple[Any, ...], RulesMap] | None = None,
    ) -> None:
        """Textual: set the styles of a widget by the rules."""
        if self._known_of is not self.rules_map:
            self._known_of = self.rules_map
            self._known.clear()
        place = tuple(_facts(node))
        if (found := self._known.get(place)) is None:
            self._sought = place
            super().apply(node, animate=animate, cache=cache)
            self._sought = None  # Textual sets no styles where no rule holds.
            return
        node._has_hover_style = found.follows_mouse
        node._has_focus_within = node._has_order_style = node._has_odd_or_even = False
        if node._is_mounted or node.styles.base.get_rules():
            super().replace_rules(node, found.rules, animate)
        else:  # There is nothing to lay out or to paint, for which Textual sets each by itself.
            node.styles.base.merge_rules(found.styles)
            node.notify_style_update()
        self._process_component_classes(node)

    def replace_rules(  # type: ignore[override]  # Textual calls it of the style sheet
        self,
        node: DOMNode,
        rules: RulesMap,
        animate: bool = False,  # noqa: FBT001, FBT002 - Textual's signature
    ) -> None:
        """Textual: set the styles of a widget to these; here, remember them as well."""
        place, self._sought = self._sought, None
        super().replace_rules(node, rules, animate)
        # What depends on siblings or on what is inside a widget is not told by its place.
        is_told = not (node._has_focus_within or node._has_order_style or node._has_odd_or_even)
        if place is not None and is_told and not animate:
            styles = node.styles.base.get_rules()
            self._known[place] = _Found(rules, styles, node._has_hover_style)


def load_sheets(screen: Screen[Any], stylesheet: Stylesheet) -> None:
    """Read the sheets of a screen that have not been read."""
    for path in screen.css_path:
        if not stylesheet.has_source(str(path)):
            css = Path(path).read_text(encoding="utf-8")
            stylesheet.add_source(css, read_from=(str(path), ""))


def _facts(node: DOMNode) -> Iterator[object]:
    each: DOMNode | None = node
    while each is not None:
        yield type(each)
        yield each._id
        yield frozenset(each._classes)
        if isinstance(each, Widget):
            yield each.disabled
            yield each.has_focus
            yield each.mouse_hover
            yield each.allow_focus()
        elif isinstance(each, App):
            yield each.app_focus
            yield each.current_theme.dark
            yield each.native_ansi_color
            yield each.no_color
        each = each._parent if isinstance(each._parent, DOMNode) else None
