"""The address the program answers at."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot.app import ROOT
from bot.listening import AddressUnusable, listen


def test_a_port_that_is_taken_is_one_sentence_and_nothing_is_begun(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        data = tmp_path / "data"
        ended = subprocess.run(
            [sys.executable, "-m", "bot", "start", "--port", str(port), "--data", str(data)], cwd=ROOT, check=False,
            capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert ended.stderr == (
        f"premierpas: port {port} of 127.0.0.1 is taken by another program, perhaps by a premierpas that runs "
        "already: end that one, or choose another port with --port\n")
    assert not ended.stdout
    assert not data.exists()


def test_the_port_is_free_again_once_it_is_closed() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
    listen("127.0.0.1", port).close()


@pytest.mark.parametrize(
    ("host", "port"), [("127.0.0.1", 70000), ("192.0.2.1", 8000), ("no.such.host.invalid", 8000)])
def test_an_address_that_cannot_be_used_is_named(host: str, port: int) -> None:
    with pytest.raises(AddressUnusable, match=str(port)):
        listen(host, port)
