"""``pytest tests/conversations --rewrite``: write down what the bot says now; read the difference, then commit."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """The flag."""
    parser.addoption("--rewrite", action="store_true", help="rewrite the golden conversations")


@pytest.fixture
def rewrite(request: pytest.FixtureRequest) -> bool:
    """Whether the golden files are rewritten instead of compared."""
    return bool(request.config.getoption("--rewrite"))
