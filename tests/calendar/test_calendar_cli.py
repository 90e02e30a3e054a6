"""The calendar from the command line."""

from datetime import timedelta
from pathlib import Path

from typer.testing import CliRunner

from bot.calendar_cli import cli
from bot.clock import PARIS, real_clock

HEADER = "identifiant;lieu;commune;territoire;structure;date;début;fin;places;équipe;jours fériés"


def test_a_truck_that_is_elsewhere_is_said_in_words_that_read(tmp_path: Path) -> None:
    day = real_clock().now().astimezone(PARIS).date() + timedelta(days=7)
    rows = [f"{name};Place {name};69259;portes-du-sud;ifra;{on:%d/%m/%Y};9h;12h;8;Pic Up Tour;oui"
            for name, on in (("a", day), ("b", day + timedelta(days=1)))]
    file = tmp_path / "calendar.csv"
    file.write_text("\n".join((HEADER, *rows)), "utf-8")
    run = CliRunner(env={"COLUMNS": "300"})
    there = ["--data", str(tmp_path)]
    assert run.invoke(cli, ["import", str(file), *there]).exit_code == 0
    session = f"portes-du-sud:ifra:b:{day + timedelta(days=1)}"
    refused = run.invoke(cli, ["move", session, "--date", f"{day:%d/%m/%Y}", *there])
    assert refused.exit_code == 2
    assert "« Pic Up Tour »: The team is already somewhere at that hour: portes-du-sud:ifra:a:" in refused.output
