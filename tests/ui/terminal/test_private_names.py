"""Private names of Textual and Rich: found in the code, in one package, and all there.

A name here is private if it begins with an underscore and belongs to Textual or Rich: a module that
is imported, an attribute that is read or assigned, or a method that a class of ours overrides, on
purpose or by accident.
"""

import ast
import importlib
import inspect
import pkgutil
import re
import textwrap
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

import nodion_tui.ui
from nodion_tui.ui.terminal.plain_textual import TESTED

DOOR = "nodion_tui.ui.terminal.inside"
"""The package that may use private names; not imported on a plain Textual."""
LIBRARIES = ("textual", "rich")
OWNERS = {
    "_NO_MATCHES": "textual.command.CommandPalette",
    "_list_visible": "textual.command.CommandPalette",
    "_start_no_matches_countdown": "textual.command.CommandPalette",
    "__watchers": "textual.reactive",
    "_app": "textual.driver.Driver",
    "_batch_count": "textual.app.App",
    "_border_subtitle": "textual.widget.Widget",
    "_border_title": "textual.widget.Widget",
    "_callbacks": "textual.screen.Screen",
    "_cell_offset_to_index": "textual.widgets.Input",
    "_classes": "textual.dom.DOMNode",
    "_color_system": "rich.console.Console",
    "_compositor": "textual.screen.Screen",
    "_debug": "textual.driver.Driver",
    "_compositor_refresh": "textual.screen.Screen",
    "_css_update_count": "textual.screen.Screen",
    "_dirty_regions": "textual._compositor.Compositor",
    "_dirty_widgets": "textual.screen.Screen",
    "_disable_tooltips": "textual.app.App",
    "_display": "textual.app.App",
    "_driver": "textual.app.App",
    "_fatal_error": "textual.app.App",
    "_full_map": "textual._compositor.Compositor",
    "_get_default_css": "textual.widget.Widget",
    "_has_focus_within": "textual.dom.DOMNode",
    "_has_hover_style": "textual.dom.DOMNode",
    "_has_odd_or_even": "textual.dom.DOMNode",
    "_has_order_style": "textual.dom.DOMNode",
    "_id": "textual.dom.DOMNode",
    "_is_mounted": "textual.message_pump.MessagePump",
    "_mounted_event": "textual.message_pump.MessagePump",
    "_registry": "textual.app.App",
    "_shutdown": "textual.app.App",
    "_parent": "textual.message_pump.MessagePump",
    "_process_component_classes": "textual.css.stylesheet.Stylesheet",
    "_register": "textual.app.App",
    "_registered_themes": "textual.app.App",
    "_variables": "textual.css.stylesheet.Stylesheet",
    "_layout_required": "textual.screen.Screen",
    "_load_screen_css": "textual.app.App",
    "_on_idle": "textual.screen.Screen",
    "_on_screen_resume": "textual.screen.Screen",
    "_on_timer_update": "textual.screen.Screen",
    "_parse_cache": "textual.css.stylesheet.Stylesheet",
    "_parse_rules": "textual.css.stylesheet.Stylesheet",
    "_position_to_cell": "textual.widgets.Input",
    "_queue": "textual.drivers._writer_thread.WriterThread",
    "_refresh_layout": "textual.screen.Screen",
    "_render": "textual.widget.Widget",
    "_refresh_styles_required": "textual.widget.Widget",
    "_regions_to_spans": "textual._compositor.Compositor",
    "_repaint_regions": "textual.widget.Widget",
    "_repaint_required": "textual.widget.Widget",
    "_scroll_required": "textual.screen.Screen",
    "_visible_map": "textual._compositor.Compositor",
    "_writer_thread": "textual.drivers.linux_driver.LinuxDriver",
    "_compositor.Compositor": "textual",
    "_compositor.CompositorMap": "textual",
    "_compositor.CompositorUpdate": "textual",
    "_compositor.LayoutUpdate": "textual",
    "_compositor.ReflowResult": "textual",
    "_styles_cache.StylesCache": "textual",
    "_xterm_parser.XTermParser": "textual",
}
"""Private name → the class or module that has it. What is used is found in the code."""


OTHERS = frozenset({"_asdict", "_exit", "_fields", "_make", "_replace"})
"""Public names of named tuples and `os`."""


class Use(NamedTuple):
    """A private name in our code."""

    module: str
    name: str
    line: int

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.name}"


@cache
def modules() -> tuple[ModuleType, ...]:
    names = [item.name for item in pkgutil.walk_packages(nodion_tui.ui.__path__, "nodion_tui.ui.")]
    return tuple(importlib.import_module(name) for name in names)


@cache
def tree_of(module: ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))


def is_private(name: str) -> bool:
    if name in OTHERS or (name.startswith("__") and name.endswith("__")):
        return False
    return name.startswith("_")


def is_foreign(cls: type) -> bool:
    return cls.__module__.partition(".")[0] in LIBRARIES


@cache
def own_names(cls: type) -> frozenset[str]:
    """Private names of one class, without its bases: those it defines, and those of instances."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(cls)))
    return frozenset(filter(is_private, {*vars(cls), *(name for name, _ in assigned(tree))}))


def assigned(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Attributes that methods assign to `self`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and of_self(node):
            yield node.attr, node.lineno


def of_self(node: ast.Attribute) -> bool:
    return ast.unparse(node.value) in {"self", "cls", "super()"}


def names_of_libraries(cls: type) -> frozenset[str]:
    """Private names that a class of ours has from Textual and Rich."""
    return frozenset().union(*(own_names(base) for base in cls.__mro__ if is_foreign(base)))


def imports(module: ModuleType) -> Iterator[Use]:
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            found = [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found = [(node.module or "", alias.name) for alias in node.names]
        else:
            continue
        for source, name in found:
            library, _, inner = source.partition(".")
            path = f"{inner}.{name}".strip(".")
            if library in LIBRARIES and any(map(is_private, path.split("."))):
                yield Use(module.__name__, path, node.lineno)


def attributes(module: ModuleType) -> Iterator[Use]:
    """Private attributes of other objects than `self`, if they are none of this module's own."""
    tree = tree_of(module)
    ours = {name for name, _ in assigned(tree)} | {
        node.name if not isinstance(node, ast.AnnAssign) else ast.unparse(node.target)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.AnnAssign)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and not of_self(node):
            if is_private(node.attr) and node.attr not in ours:
                yield Use(module.__name__, node.attr, node.lineno)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("attr"):
            for argument in node.args[1:2]:
                if isinstance(argument, ast.Constant) and is_private(str(argument.value)):
                    yield Use(module.__name__, str(argument.value), node.lineno)


def inherited(module: ModuleType) -> Iterator[Use]:
    """Private names of Textual that a class of ours uses on itself, overrides, or collides with."""
    for cls in vars(module).values():
        if isinstance(cls, type) and cls.__module__ == module.__name__:
            theirs = names_of_libraries(cls)
            for base in cls.__mro__:
                if theirs and base.__module__.startswith("nodion_tui."):
                    yield from collisions(base, theirs)


def collisions(cls: type, theirs: frozenset[str]) -> Iterator[Use]:
    lines, first = inspect.getsourcelines(cls)
    tree = ast.parse(textwrap.dedent("".join(lines)))
    ast.increment_lineno(tree, first - 1)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and of_self(node) and node.attr in theirs:
            yield Use(cls.__module__, node.attr, node.lineno)
    for part in tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else []:
        for name in defined(part) & theirs:
            yield Use(cls.__module__, name, part.lineno)


def defined(part: ast.stmt) -> set[str]:
    """What a statement in the body of a class defines."""
    if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {part.name}
    targets = part.targets if isinstance(part, ast.Assign) else [getattr(part, "target", None)]
    return {target.id for target in targets if isinstance(target, ast.Name)}


@cache
def uses() -> frozenset[Use]:
    finders = (imports, attributes, inherited)
    return frozenset(use for module in modules() for find in finders for use in find(module))


def depends(name: str) -> str:
    """Which modules use a name, and what they buy with it."""
    users = {use.module for use in uses() if use.name == name}
    return "\n".join(
        f"{user} depends on it: {inspect.getdoc(importlib.import_module(user))}" for user in users
    )


def test_private_names_are_used_behind_one_door() -> None:
    outside = sorted(str(use) for use in uses() if not use.module.startswith(DOOR))
    assert outside == [], "rename ours where it collides; move the rest into ui.terminal.inside"


def test_every_private_name_has_its_owner_here() -> None:
    assert {use.name for use in uses()} == set(OWNERS)


@pytest.mark.parametrize("name", OWNERS)
def test_every_private_name_is_there(name: str) -> None:
    missing = f"{name} is gone from Textual {metadata.version('textual')}.\n{depends(name)}"
    owner = OWNERS[name]
    if owner in LIBRARIES:
        source, _, attribute = name.rpartition(".")
        try:
            assert hasattr(importlib.import_module(f"{owner}.{source}"), attribute), missing
        except ImportError:
            pytest.fail(missing)
        return
    source, _, attribute = owner.rpartition(".")
    if attribute.islower():  # a module: the name stands in its text only
        assert f'"{name}"' in inspect.getsource(importlib.import_module(owner)), missing
        return
    cls = getattr(importlib.import_module(source), attribute, None)
    assert isinstance(cls, type), missing
    assert name in frozenset().union(*(own_names(base) for base in cls.__mro__[:-1])), missing


@pytest.mark.parametrize("module", [m for m in modules() if m.__name__.startswith(DOOR)], ids=str)
def test_what_is_behind_the_door_says_what_it_buys(module: ModuleType) -> None:
    reason = inspect.getdoc(module) or ""
    assert re.search(r"\d|ui\.terminal\.plain_textual", reason), "a number, or an issue of Textual"


def test_the_tested_versions_are_those_that_can_be_installed() -> None:
    project = Path(nodion_tui.__file__).parents[1] / "pyproject.toml"
    first, last = TESTED
    assert f'"textual>={first},<{last}"' in project.read_text(encoding="utf-8")
