"""Reads local.toml: a user's own runners, registries and container settings.

Every error has file, line and key; a file with an error is not used at all.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from nodion_tui.config.paths import expand_home
from nodion_tui.config.table_checker import TableChecker, field_types
from nodion_tui.config.toml import read_toml
from nodion_tui.local.runners.container_spec import ContainerSpec, RegistrySpec
from nodion_tui.local.runners.runner_spec import RunnerSpec
from nodion_tui.model.errors import ConfigError

T = TypeVar("T", bound=msgspec.Struct)


class LocalConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Content of a valid local.toml."""

    runners: tuple[RunnerSpec, ...] = ()
    registries: tuple[RegistrySpec, ...] = ()
    container: ContainerSpec = ContainerSpec()


def read_local_toml(path: Path) -> LocalConfig:
    """Read and validate a local.toml; paths in it are relative to its folder.

    Raises:
        ConfigError: `detail` has one line per error, with file, line and key.
    """
    document = read_toml(path)
    if document is None:
        raise ConfigError(f"{path}: no such file")
    checker = TableChecker(document)
    config = _convert_document(checker, document.data)
    if checker.problems:
        raise ConfigError(checker.report)
    folder = path.resolve().parent
    return LocalConfig(
        runners=tuple(_resolve_path(folder, "workdir", row) for row in config.runners),
        registries=tuple(_resolve_path(folder, "password_file", row) for row in config.registries),
        container=config.container,
    )


def _convert_document(checker: TableChecker, data: Mapping[str, Any]) -> LocalConfig:
    """Convert a document as far as possible; errors go to the checker, in file order."""
    config = LocalConfig()
    for name, value in data.items():
        match name:
            case "runners":
                config = replace(config, runners=_convert_runners(checker, value))
            case "registries":
                registries = _convert_tables(checker, name, value, RegistrySpec)
                config = replace(config, registries=tuple(row for _, row in registries))
            case "container":
                container = _convert_table(checker, (name,), value, ContainerSpec)
                config = replace(config, container=container or ContainerSpec())
            case _:
                checker.check_table((), {name: value}, field_types(LocalConfig))
    return config


def _convert_runners(checker: TableChecker, rows: Any) -> tuple[RunnerSpec, ...]:
    """Convert the runners, checking the documented limits and duplicates."""
    runners: dict[str, RunnerSpec] = {}
    for path, runner in _convert_tables(checker, "runners", rows, RunnerSpec):
        for field, messages in runner.problems().items():
            checker.add_problem((*path, *field.split(".")), "; ".join(messages))
        if runner.api_id in runners:
            name = runners[runner.api_id].name
            checker.add_problem((*path, "name"), f"{name!r} is already defined")
        runners[runner.api_id] = runner
    return tuple(runners.values())


def _convert_tables(
    checker: TableChecker, name: str, rows: Any, kind: type[T]
) -> Iterator[tuple[tuple[str, str], T]]:
    """Yield the path and the struct of each table without errors."""
    if not isinstance(rows, list):
        checker.add_problem((name,), f"expected [[{name}]]")
        return
    for index, row in enumerate(rows):
        path = (name, str(index))
        if (converted := _convert_table(checker, path, row, kind)) is not None:
            yield path, converted


def _convert_table(
    checker: TableChecker, path: tuple[str, ...], table: Any, kind: type[T]
) -> T | None:
    """Convert a table to a struct; None if it has errors.

    Nested tables are checked key by key, so that each error has its own line.
    """
    problems_before = len(checker.problems)
    if isinstance(table, Mapping):
        for field in msgspec.structs.fields(kind):
            if field.required and field.name not in table:
                checker.add_problem((*path, field.name), "is missing")
    types = field_types(kind)
    nested_types = {
        key: kind for key, kind in types.items() if kind == dict[str, str] or _is_struct(kind)
    }
    checked = checker.check_table(path, table, types | dict.fromkeys(nested_types, Any))
    for key, value in checked.items():
        if _is_struct(nested_types.get(key)):
            _convert_table(checker, (*path, key), value, nested_types[key])
        elif key in nested_types:
            names = value if isinstance(value, Mapping) else ()
            checker.check_table((*path, key), value, dict.fromkeys(names, str))
    return msgspec.convert(table, kind) if len(checker.problems) == problems_before else None


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _resolve_path(folder: Path, field: str, row: T) -> T:
    """Make the path in a field absolute; none stays none."""
    text = getattr(row, field)
    return replace(row, **{field: str(folder / expand_home(text, field))}) if text else row
