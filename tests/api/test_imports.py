"""Modules that can be imported without loading an HTTP library."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("module", "loads_httpx"),
    [
        ("nodion_tui.api", False),
        ("nodion_tui.api.follow.events", False),
        ("nodion_tui.model.backoff", False),
        ("nodion_tui.config", False),
        ("nodion_tui.model.run", False),
        ("nodion_tui.api.client", True),
    ],
)
def test_only_the_client_loads_httpx(module: str, *, loads_httpx: bool) -> None:
    program = f"import sys, {module}; print('httpx' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert result.stdout.strip() == str(loads_httpx).encode()
