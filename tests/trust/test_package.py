"""The package contains exactly the needed files, and its dependencies are pinned for tests."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from importlib.metadata import requires
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


def build(source: Path, target: Path, kind: str, **variables: str) -> Path:
    """Build from a source tree; returns the built file."""
    pytest.importorskip("hatchling", reason="hatchling builds the wheel; it is not installed")
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(target)]
    env = os.environ | variables
    subprocess.run(command, cwd=source, check=True, capture_output=True, timeout=60, env=env)
    (built,) = target.glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return built


def test_the_wheel_of_the_source_archive_has_the_whole_package_and_starts(tmp_path: Path) -> None:
    """Builds the wheel from the source archive only, like an installer."""
    shutil.unpack_archive(build(ROOT, tmp_path / "sdist", "sdist"), tmp_path, filter="data")
    (source,) = (path for path in tmp_path.glob("nodion_tui-*") if path.is_dir())
    wheel = build(source, tmp_path / "wheel", "wheel")
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    package = ROOT / "nodion_tui"
    assert names == {
        str(path.relative_to(ROOT))
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert "nodion_tui/py.typed" in names
    shutil.unpack_archive(wheel, tmp_path / "installed", "zip")
    words = [sys.executable, "-m", "nodion_tui", "runners"]
    env = {"PYTHONPATH": str(tmp_path / "installed"), "HOME": str(tmp_path)}
    done = subprocess.run(words, cwd=tmp_path, env=env, capture_output=True, check=False, text=True)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("nodion-tui: no key is configured")


def description(wheel: Path) -> str:
    """Return what the page of a package shows."""
    archive = zipfile.ZipFile(wheel)
    (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    header, _, body = archive.read(name).decode().partition("\n\n")
    assert "Description-Content-Type: text/markdown" in header
    return body


def test_a_release_that_says_where_its_files_are_has_absolute_links_on_its_page(
    tmp_path: Path,
) -> None:
    address = "https://example.org/someone/nodion-tui/{}/v1.2"
    readme = (ROOT / "README.md").read_text()
    page = description(build(ROOT, tmp_path, "wheel", NODION_TUI_README_LINKS=address))
    links = re.findall(r"(!?)\[[^]]*\]\(([^)]+)\)", page)
    pictures = {link for sign, link in links if sign}
    files = {link for _, link in links if link.startswith("https://example.org")}
    assert all(link.startswith("https://") for _, link in links)
    assert pictures == {link for link in files if link.startswith(address.format("raw") + "/")}
    assert len(files) == len(set(re.findall(r"\]\(([\w./]+)\)", readme)))
    assert all((ROOT / link.partition("/v1.2/")[2]).is_file() for link in files)
    assert re.sub(r"https://example.org/someone/nodion-tui/(raw|blob)/v1.2/", "", page) == readme


def test_without_an_address_the_page_of_a_package_is_readme(tmp_path: Path) -> None:
    page = description(build(ROOT, tmp_path, "wheel", NODION_TUI_README_LINKS=""))
    assert page == (ROOT / "README.md").read_text()


def test_an_address_that_leads_nowhere_ends_the_build(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        build(ROOT, tmp_path, "wheel", NODION_TUI_README_LINKS="example.org/nodion-tui")
    assert b"expected https://HOST/OWNER/PROJECT/{}/TAG" in failed.value.stderr


def pinned() -> dict[str, str]:
    """Return the pinned versions of the test environment."""
    lines = (ROOT / "tests" / "constraints.txt").read_text().splitlines()
    pins = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in pins}


def project() -> dict[str, Any]:
    """Return the project table of pyproject.toml."""
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return table


def transitive(needs: Iterable[str], seen: set[str], extras: Iterable[str] = ()) -> Iterator[str]:
    """Yield the requirements that apply here, including transitive ones."""
    for text in needs:
        need = Requirement(text)
        applies = [
            not need.marker or need.marker.evaluate({"extra": extra}) for extra in ("", *extras)
        ]
        if any(applies) and text not in seen:
            seen.add(text)
            yield text
            yield from transitive(requires(need.name) or (), seen, need.extras)


def test_everything_that_the_tests_need_is_pinned_within_its_bounds() -> None:
    pins = pinned()
    dependencies = project()["dependencies"] + project()["optional-dependencies"]["dev"]
    needs = [Requirement(text) for text in transitive(dependencies, set())]
    assert len(needs) > 60
    for need in needs:
        version = pins.get(canonicalize_name(need.name))
        assert version, f"{need.name} is not in tests/constraints.txt"
        assert need.specifier.contains(version), f"{need} is not {version}"


def test_every_dependency_has_a_lower_bound_that_was_tried() -> None:
    """`tests/oldest.txt` has the lower bounds, for `pip install -c`."""
    oldest = {
        canonicalize_name(name): version
        for name, version in re.findall(
            r"(?m)^([\w.-]+)==(\S+)$", (ROOT / "tests" / "oldest.txt").read_text()
        )
    }
    bounds = {
        canonicalize_name(need.name): next(
            bound.version for bound in need.specifier if bound.operator == ">="
        )
        for need in map(Requirement, project()["dependencies"])
    }
    assert oldest == bounds
