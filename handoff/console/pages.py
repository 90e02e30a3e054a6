"""Templates to answers, with the headers that every page of the console has."""

from collections.abc import Mapping
from pathlib import Path

from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

_HERE = Path(__file__).parent

# No script but one, on one page; nothing from elsewhere, not in a frame. The pages name people: no cache keeps
# them, and no address that holds a one-time code leaves as a referrer.
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
# The page on which counsellors type: static/typing.js.
_SCRIPTED = "lead.html"
_WITH_SCRIPT: Mapping[str, str] = {
    **HEADERS,
    "Content-Security-Policy": f"{HEADERS['Content-Security-Policy']}; script-src 'self'; connect-src 'self'",
}


class Pages:
    """Renders the templates beside this file."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )
        self._css = (_HERE / "static" / "console.css").read_text(encoding="utf-8")

    def page(self, template: str, status: int = 200, **values: object) -> HTMLResponse:
        """A page. ``values``: what the template names, all of it."""
        html = self._templates.get_template(template).render(values)
        return HTMLResponse(html, status, _WITH_SCRIPT if template == _SCRIPTED else HEADERS)

    def notice(self, status: int, title: str, words: str) -> HTMLResponse:
        """A page that says one thing."""
        return self.page("notice.html", status, title=title, words=words, visitor=None)

    def go(self, address: str) -> Response:
        """Go on to another page, by GET."""
        return RedirectResponse(address, 303, HEADERS)

    def style(self) -> Response:
        """The style sheet."""
        headers = {**HEADERS, "Cache-Control": "public, max-age=3600"}
        return Response(self._css, media_type="text/css", headers=headers)
