"""``./premierpas content …``: the workflow of translations."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.app import ROOT
from bot.clock import real_clock
from bot.command_line import say
from bot.wording import paris_day

cli = typer.Typer(help="words: what is translated, what is missing", no_args_is_help=True)


@cli.command("update")
def content_update() -> None:
    """Bring every locales/<lang>.po up to today's French: changed entries turn fuzzy."""
    from bot.check import content_of
    from bot.translations import update

    words = content_of(ROOT)
    for path in sorted((ROOT / "locales").glob("*.po")):
        update(path, words.messages, path.stem)
    content_status()


@cli.command("reviewed")
def content_reviewed(
    language: Annotated[str, typer.Argument(help="the language, as in locales/<language>.po")],
    topics: Annotated[list[str], typer.Argument(help="topics (rights_rsa) or keys of messages; « all » for all")],
    on: Annotated[str, typer.Option("--on", help="the day it was read (2026-11-29); today when not said")] = "",
) -> None:
    """Write down that a native speaker read these words."""
    from bot.check import content_of
    from bot.content_checks import keys_of
    from bot.translations import mark_reviewed

    words, path = content_of(ROOT), ROOT / "locales" / f"{language}.po"
    if not path.exists():
        raise typer.BadParameter(f"there is no locales/{language}.po")
    try:
        day = date.fromisoformat(on) if on else paris_day(real_clock().now())
    except ValueError as e:
        raise typer.BadParameter(f"« {on} » is not a day, as in 2026-11-29") from e
    keys: set[str] = set()
    for topic in topics:
        found = set(words.messages) if topic == "all" else {*keys_of(words, topic), topic} & set(words.messages)
        if not found:
            raise typer.BadParameter(f"« {topic} » is neither a topic nor a message")
        keys |= found
    say(f"{language}: {mark_reviewed(path, keys, day)} entries read on {day}")


@cli.command("extract")
def content_extract(
    new: Annotated[str, typer.Option("--new", help="a new language: begin its locales/<language>.po too")] = "",
) -> None:
    """Write locales/premierpas.pot, the template of a new language, from today's French."""
    from bot.check import content_of
    from bot.translations import extract, update

    words, path = content_of(ROOT), ROOT / "locales" / f"{new}.po"
    if new and path.exists():
        raise typer.BadParameter(f"there is a locales/{new}.po")
    say(f"locales/premierpas.pot: {extract(path.with_name('premierpas.pot'), words.messages)} entries")
    if new:
        update(path, words.messages, new)
        say(f"locales/{new}.po: begun")


@cli.command("compile")
def content_compile(
    folder: Annotated[Path, typer.Argument(help="where <language>.mo are written, for other programs")],
) -> None:
    """Check the translations, then write them as .mo files. The bot itself reads the .po at its start."""
    from bot.check import content_of, translation_problems
    from bot.content_checks import differences
    from bot.translations import compile_po

    words = content_of(ROOT)
    found = [*translation_problems(words), *differences(words)]
    for problem in found:
        say(problem)
    if found:
        raise typer.Exit(1)
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted((ROOT / "locales").glob("*.po")):
        say(f"{compile_po(path, folder, words.messages)}")


@cli.command("status")
def content_status() -> None:
    """How much of each language is translated, stale, missing, read by a native speaker."""
    from bot.check import content_of
    from bot.translations import counts

    words = content_of(ROOT)
    for path in sorted((ROOT / "locales").glob("*.po")):
        one = counts(path, words.messages)
        say(f"{path.stem}: {one.entries} entries: {one.translated} translated, {one.fuzzy} fuzzy, "
            f"{one.missing} missing, {one.reviewed} reviewed")
