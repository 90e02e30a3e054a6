"""The page's own files: its scripts and its style."""

import hashlib
from pathlib import Path
from typing import Any

from fastapi import Response
from fastapi.staticfiles import StaticFiles

HERE = Path(__file__).parent / "static"


class _Files(StaticFiles):
    """Static files whose address changes with them: kept by the browser for a year, not fetched twice."""

    async def get_response(self, path: str, scope: Any) -> Response:  # noqa: ANN401  (starlette's own type)
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def static_files() -> tuple[str, StaticFiles]:
    """Where the page's files are mounted, and what serves them."""
    return "/static", _Files(directory=HERE)


def version() -> str:
    """Changes with any of them: part of their addresses."""
    digest = hashlib.sha256()
    for path in sorted(HERE.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
