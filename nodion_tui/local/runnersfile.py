"""local.toml: a person's own runners, registries and container settings.

A mistake names file, line and key, and nothing of a file with a mistake is used.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from nodion_tui.config.toml import Document, read_toml
from nodion_tui.local.containers import ContainerSpec, RegistrySpec
from nodion_tui.local.definitions import RunnerSpec
from nodion_tui.model.errors import ConfigError

T = TypeVar("T", bound=msgspec.Struct)
_KINDS = {
    "str": "a string",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "an array",
    "object": "a table",
    "| null": "",
}
_TABLES = {"container", "registries", "runners"}


class RunnersFile(msgspec.Struct, frozen=True, kw_only=True):
    """What a local.toml says, without a mistake."""

    runners: tuple[RunnerSpec, ...] = ()
    registries: tuple[RegistrySpec, ...] = ()
    container: ContainerSpec = ContainerSpec()


def read_runners_file(path: Path) -> RunnersFile:
    """Read and check a local.toml; folders in it count from where it is.

    Raises:
        ConfigError: `detail` has one line for each mistake, with file, line and key.
    """
    document = read_toml(path)
    if document is None:
        raise ConfigError(f"{path}: there is no such file")
    reader = _Reader(document)
    for key in document.data.keys() - _TABLES:
        reader.complain((key,), "not known here")
    runners = reader.rows("runners", RunnerSpec)
    registries = reader.rows("registries", RegistrySpec)
    container = reader.table(("container",), document.data.get("container", {}), ContainerSpec)
    reader.check_runners(runners)
    if reader.problems:
        raise ConfigError("\n".join(text for _, text in sorted(reader.problems)))
    folder = path.resolve().parent
    return RunnersFile(
        runners=tuple(_runner(folder, row) for row in runners.values()),
        registries=tuple(_registry(folder, row) for row in registries.values()),
        container=container or ContainerSpec(),
    )


class _Reader:
    """Converts tables and collects what is wrong with them."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.problems: list[tuple[int, str]] = []
        """Line and text of each mistake."""

    def complain(self, path: tuple[str, ...], message: str) -> None:
        key = ".".join(path)
        text = f"{self._document.place(*path)}: {key}: {message}"
        self.problems.append((self._document.line(*path) or 0, text))

    def rows(self, name: str, kind: type[T]) -> dict[str, T]:
        """The tables of an array that have no mistake, by their index."""
        rows = self._document.data.get(name, [])
        if not isinstance(rows, list):
            self.complain((name,), f"wants [[{name}]]")
            return {}
        read = {str(at): self.table((name, str(at)), row, kind) for at, row in enumerate(rows)}
        return {at: value for at, value in read.items() if value is not None}

    def table(self, path: tuple[str, ...], table: Any, kind: type[T]) -> T | None:
        """One table as its struct; None where something is wrong with it."""
        if not isinstance(table, Mapping):
            self.complain(path, "wants a table")
            return None
        before = len(self.problems)
        fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
        for key, value in table.items():
            if key in fields:
                self._check((*path, key), value, fields[key].type)
            else:
                self.complain((*path, key), "not known here")
        for name, field in fields.items():
            if field.required and name not in table:
                self.complain((*path, name), "is missing")
        return msgspec.convert(table, kind) if len(self.problems) == before else None

    def _check(self, path: tuple[str, ...], value: Any, kind: Any) -> None:
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            self.table(path, value, kind)
            return
        if kind == dict[str, str] and isinstance(value, Mapping):
            for key, item in value.items():
                self._check((*path, key), item, str)
            return
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            self.complain(path, _reason(str(error)))

    def check_runners(self, runners: Mapping[str, RunnerSpec]) -> None:
        """Documented limits, and that no two runners are the same."""
        seen: dict[str, str] = {}
        for index, runner in runners.items():
            for field, messages in runner.problems().items():
                self.complain(("runners", index, *field.split(".")), "; ".join(messages))
            if runner.key in seen:
                self.complain(("runners", index, "name"), f"{seen[runner.key]!r} is there already")
            seen[runner.key] = runner.name


def _reason(message: str) -> str:
    """What msgspec found, in the words of a TOML file."""
    reason = message.partition(" - at `$")[0].replace("Expected", "wants")
    for name, words in _KINDS.items():
        reason = reason.replace(f"`{name}`", words)
    return reason.replace("`", "")


def _runner(folder: Path, row: RunnerSpec) -> RunnerSpec:
    workdir = None if row.workdir is None else _path(folder, row.workdir)
    return msgspec.structs.replace(row, workdir=workdir)


def _registry(folder: Path, row: RegistrySpec) -> RegistrySpec:
    return msgspec.structs.replace(row, password_file=_path(folder, row.password_file))


def _path(folder: Path, text: str) -> str:
    return str(folder / Path(text).expanduser()) if text else ""
