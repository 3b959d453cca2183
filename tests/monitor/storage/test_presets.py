import multiprocessing
import os
import stat
import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nodion_tui.model.trigger_draft import ArgvStyle, CommandMode, EnvRow, TriggerDraft
from nodion_tui.monitor.storage.presets import FILE_NAME, Preset, PresetFile, RunnerPresets
from nodion_tui.monitor.storage.toml_file import HEADER

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
DRAFT = TriggerDraft(
    mode=CommandMode.ARGV,
    argv_text="python 'two words'",
    entrypoint="/bin/env",
    env=(EnvRow("A", "1"), EnvRow("B", "2", enabled=False)),
)


@pytest.fixture
def preset_file(tmp_path: Path) -> PresetFile:
    return PresetFile(tmp_path / "data")


def test_there_are_no_presets_at_first_and_no_file_is_created(
    preset_file: PresetFile, tmp_path: Path
) -> None:
    assert preset_file.for_runner("r") == RunnerPresets()
    assert not (tmp_path / "data").exists()


def test_a_preset_comes_back_and_belongs_to_its_runner(preset_file: PresetFile) -> None:
    assert preset_file.save("r", Preset("nightly", DRAFT)) == ""
    assert preset_file.for_runner("r") == RunnerPresets((Preset("nightly", DRAFT),))
    assert preset_file.for_runner("other") == RunnerPresets()


@given(
    tokens=st.lists(TEXT, max_size=3).map(tuple),
    command=TEXT,
    entrypoint=TEXT,
    name=TEXT,
    value=TEXT,
    mode=st.sampled_from(CommandMode),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_preset_sends_the_same_request_again(
    preset_file: PresetFile,
    tokens: tuple[str, ...],
    command: str,
    entrypoint: str,
    name: str,
    value: str,
    mode: CommandMode,
) -> None:
    text = "\n".join(tokens)
    style = ArgvStyle.LINES
    draft = TriggerDraft(
        mode=mode,
        argv_text=text,
        argv_style=style,
        command=command,
        entrypoint=entrypoint,
        empty_entrypoint=not entrypoint,
        env=(EnvRow("A", value),),
    )
    preset_file.save("r", Preset(name, draft), include_secrets=True)
    stored = next(entry for entry in preset_file.for_runner("r").presets if entry.name == name)
    assert stored.draft.request() == draft.request()


def test_saving_under_a_name_that_is_there_replaces_it(preset_file: PresetFile) -> None:
    preset_file.save("r", Preset("b", DRAFT))
    preset_file.save("r", Preset("A", DRAFT))
    preset_file.save("other", Preset("b", DRAFT))
    preset_file.save("r", Preset("b", TriggerDraft()))
    assert [entry.name for entry in preset_file.for_runner("r").presets] == ["A", "b"]
    assert preset_file.for_runner("r").presets[1].draft == TriggerDraft()
    assert preset_file.for_runner("other").presets[0].draft == DRAFT


def test_a_preset_is_deleted(preset_file: PresetFile) -> None:
    preset_file.save("r", Preset("a", DRAFT))
    preset_file.save("r", Preset("b", DRAFT))
    assert preset_file.delete("r", "a") == ""
    assert [entry.name for entry in preset_file.for_runner("r").presets] == ["b"]
    preset_file.delete("r", "gone already")
    assert [entry.name for entry in preset_file.for_runner("r").presets] == ["b"]


@pytest.mark.parametrize(
    "row",
    [
        EnvRow("DB_PASSWORD", "canary"),
        EnvRow("PLAIN", "canary", hidden=True),
        EnvRow("URL", "postgres://me:canary@db"),
    ],
)
def test_secrets_are_not_stored(preset_file: PresetFile, tmp_path: Path, row: EnvRow) -> None:
    preset_file.save("r", Preset("a", TriggerDraft(env=(row,))))
    assert "canary" not in (tmp_path / "data" / FILE_NAME).read_text()
    (preset,) = preset_file.for_runner("r").presets
    assert preset.draft.env == (EnvRow(row.key, "", hidden=True, needs_value=True),)
    assert preset.draft.problems()


def test_secrets_are_stored_on_request(preset_file: PresetFile) -> None:
    row = EnvRow("DB_PASSWORD", "canary", hidden=True)
    preset_file.save("r", Preset("a", TriggerDraft(env=(row,))), include_secrets=True)
    assert preset_file.for_runner("r").presets[0].draft.env == (row,)


def test_a_missing_value_is_not_stored_as_empty(preset_file: PresetFile) -> None:
    row = EnvRow("DB_PASSWORD", hidden=True, needs_value=True)
    preset_file.save("r", Preset("a", TriggerDraft(env=(row,))), include_secrets=True)
    assert preset_file.for_runner("r").presets[0].draft.env == (row,)


def test_an_argv_that_cannot_be_parsed_is_not_saved(preset_file: PresetFile) -> None:
    with pytest.raises(ValueError, match="unclosed quote"):
        preset_file.save("r", Preset("a", TriggerDraft(mode=CommandMode.ARGV, argv_text="'")))
    assert preset_file.for_runner("r") == RunnerPresets()


def test_file_folder_and_lock_are_the_owners_alone(preset_file: PresetFile, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        preset_file.save("r", Preset("a", DRAFT))
    finally:
        os.umask(before)
    folder = tmp_path / "data"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {entry.name for entry in folder.iterdir()} == {FILE_NAME, f"{FILE_NAME}.lock"}
    assert {stat.S_IMODE(entry.stat().st_mode) for entry in folder.iterdir()} == {0o600}


@pytest.mark.parametrize("content", ["presets = [", "presets = 3", "[presets]\na = 1"])
def test_a_broken_file_is_renamed_with_a_notice(
    preset_file: PresetFile, tmp_path: Path, content: str
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    content = HEADER.decode() + content
    (folder / FILE_NAME).write_text(content)
    presets = preset_file.for_runner("r")
    assert presets.presets == ()
    assert "renamed to" in presets.notice
    assert (folder / f"{FILE_NAME}.broken").read_text() == content
    assert preset_file.save("r", Preset("a", DRAFT)) == ""
    assert (folder / f"{FILE_NAME}.broken").read_text() == content


def test_saving_renames_a_broken_file_too(preset_file: PresetFile, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / FILE_NAME).write_bytes(HEADER + b"not TOML")
    assert "renamed to" in preset_file.save("r", Preset("a", DRAFT))
    assert (folder / f"{FILE_NAME}.broken").read_bytes() == HEADER + b"not TOML"
    assert preset_file.for_runner("r") == RunnerPresets((Preset("a", DRAFT),))


def test_unreadable_entries_are_kept_in_the_file(preset_file: PresetFile, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / FILE_NAME).write_text(
        HEADER.decode()
        + 'next = 1\n[[presets]]\nrunner = "r"\nname = 3\n[[presets]]\nrunner = "r"\nname = "ok"\n'
    )
    presets = preset_file.for_runner("r")
    assert [entry.name for entry in presets.presets] == ["ok"]
    assert "1 unreadable entry, ignored" in presets.notice
    preset_file.save("r", Preset("new", DRAFT))
    stored = tomllib.loads((folder / FILE_NAME).read_text())
    assert stored["next"] == 1
    assert [entry["name"] for entry in stored["presets"]] == [3, "ok", "new"]


def _save_many(folder: Path, who: str, barrier: "multiprocessing.synchronize.Barrier") -> None:
    preset_file = PresetFile(folder)
    barrier.wait()
    for number in range(8):
        preset_file.save("r", Preset(f"{who}{number}", TriggerDraft()))


def test_two_programs_keep_each_others_presets(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(3)
    programs = [
        context.Process(target=_save_many, args=(tmp_path, who, barrier)) for who in ("a", "b", "c")
    ]
    for program in programs:
        program.start()
    for program in programs:
        program.join(20)
        assert program.exitcode == 0
    names = {entry.name for entry in PresetFile(tmp_path).for_runner("r").presets}
    assert names == {f"{who}{number}" for who in "abc" for number in range(8)}


def test_waiting_for_the_lock_times_out(tmp_path: Path) -> None:
    from nodion_tui.monitor.storage.locked_file import LockedFile

    path = tmp_path / "x.toml"
    path.write_bytes(HEADER)
    impatient = LockedFile(path, "rows", timeout=0.05)

    def meanwhile(rows: list[object]) -> list[object]:
        assert "another program" in impatient.read(msgspec.Struct).notice
        with pytest.raises(OSError, match="locked by another program"):
            impatient.update(list)
        return rows

    LockedFile(path, "rows").update(meanwhile)
