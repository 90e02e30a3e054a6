"""What holds for every test."""

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """A command that a test runs in this process sets the logs up, on an output that is closed after it."""
    yield
    if structlog.is_configured():
        structlog.reset_defaults()
