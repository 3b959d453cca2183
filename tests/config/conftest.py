"""A private config folder, and a settings loader isolated from this machine."""

from collections.abc import Callable
from pathlib import Path

import pytest

from nodion_tui.config import Settings, read_settings

Load = Callable[..., Settings]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "config"
    path.mkdir()
    return path


@pytest.fixture
def load_with(folder: Path, tmp_path: Path) -> Load:
    def run(text: str | None = None, profile: str | None = None, **environ: str) -> Settings:
        if text is not None:
            (folder / "config.toml").write_text(text)
        here = {"NODION_TUI_CONFIG": str(folder), "NODION_TUI_DATA": str(tmp_path / "data")}
        return read_settings(profile, environ=here | environ)

    return run
