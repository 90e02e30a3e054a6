"""What the content files may not say is refused with file and line, never by a traceback."""

import shutil
from pathlib import Path

import httpx
import pytest

from bot import links
from bot.app import ROOT
from bot.content import read_content
from bot.translations import ContentError

RSA, FIGURES, DANGER = "rights/rights_rsa.yml", "figures.yml", "emergencies.yml"


@pytest.mark.parametrize(("name", "before", "after", "said"), [
    (RSA, "owner: premierpas", 'owner: ""', r"rights_rsa\.yml:3: « owner » is empty"),
    (RSA, "url: https://www.caf.fr", "url: caf", r"rights_rsa\.yml:\d+: « caf » is no address"),
    (DANGER, '"https://3114.fr"', '"3114.fr"', r"emergencies\.yml:\d+: « 3114\.fr » is no address"),
    (FIGURES, "value: 651.69", 'value: "six cents"', r"figures\.yml:\d+: « six cents » is no amount"),
    (FIGURES, "rsa_age: {value: 25", "rsa_age: {value: ''", r"figures\.yml:\d+: « value » is missing"),
    (FIGURES, "rsa_age: {value: 25", "rsa_age: {next: {value: 26, valid_from: 2020-01-01, source: x}, value: 25",
     r"figures\.yml:\d+: « rsa_age »: the next value begins after"),
])
def test_it_is_refused_with_its_line(tmp_path: Path, name: str, before: str, after: str, said: str) -> None:
    only_words = shutil.ignore_patterns("*.py", "__pycache__")
    shutil.copytree(ROOT / "dialogues", tmp_path / "dialogues", ignore=only_words)
    file = tmp_path / "dialogues" / name
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(ContentError, match=said):
        read_content(tmp_path)


class Web:
    """Answers of pages by host; the rest cannot be reached."""

    def __init__(self, **statuses: int) -> None:
        self.statuses = statuses

    def __call__(self, request: httpx.Request) -> httpx.Response:
        status = self.statuses.get(request.url.host)
        if status is None:
            raise httpx.ConnectError("no route", request=request)
        return httpx.Response(status)


async def test_without_a_network_no_page_is_said_to_be_gone() -> None:
    web = httpx.MockTransport(Web())
    with pytest.raises(links.NoNetworkError):
        await links.dead(["https://one", "https://two"], web)


async def test_with_one_those_that_are_gone_are_named() -> None:
    web = httpx.MockTransport(Web(one=200, two=404, three=403))
    found = await links.dead(["https://one", "https://two", "https://three", "https://four"], web)
    assert found == ["https://two: 404", "https://four: no answer (ConnectError)"]
