"""Views in their file: by profile, in their order, beside what others have added."""

from pathlib import Path

from nodion_tui.monitor.storage.views import FILE_NAME, View, ViewFile


def named(file: ViewFile, profile: str = "a") -> list[str]:
    return [view.name for view in file.for_profile(profile).views]


def test_views_keep_their_order_and_their_profile(tmp_path: Path) -> None:
    file = ViewFile(tmp_path)
    for name in ("one", "two", "three"):
        file.save(View(profile="a", name=name))
    file.save(View(profile="b", name="one", filter="x"))
    file.save(View(profile="a", name="two", sort="time", columns=("id", "status")))
    assert named(file) == ["one", "two", "three"]
    two = file.for_profile("a").named("TWO")
    assert two is not None
    assert (two.sort, two.columns) == ("time", ("id", "status"))
    file.rename("a", "one", "three")
    assert named(file) == ["three", "two"]
    file.rename("a", "absent", "two")
    file.delete("a", "three")
    assert (named(file), named(file, "b")) == (["two"], ["one"])


def test_a_broken_file_is_renamed_and_told(tmp_path: Path) -> None:
    file = ViewFile(tmp_path)
    file.save(View(profile="a", name="one"))
    path = tmp_path / FILE_NAME
    path.write_bytes(path.read_bytes() + b"\n[[")
    assert "it was renamed" in file.for_profile("a").notice
    assert (tmp_path / f"{FILE_NAME}.broken").exists()
