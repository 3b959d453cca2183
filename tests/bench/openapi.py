"""Many made-up requests to the engine: the long form of `contract/test_openapi.py`.

`pytest tests/bench/openapi.py`
"""

from pathlib import Path

import pytest

from nodion_tui.local.http.server import EngineServer
from tests.contract.test_openapi import conformance, engine_settings, wire
from tests.support.wire import Wire

__all__ = ["engine_settings", "wire"]

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]


async def test_the_engine_keeps_to_the_document_for_long(
    engine: EngineServer, wire: Wire, tmp_path: Path
) -> None:
    # Two variables of one name, which the engine refuses, cannot be described in a schema.
    options = ("--max-examples", "300", "--exclude-checks", "positive_data_acceptance")
    code, output = await conformance(engine, wire, tmp_path, *options)
    assert (code, "No issues found" in output) == (0, True), output
