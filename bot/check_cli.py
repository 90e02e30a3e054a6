"""``./premierpas check …``: is the content whole, true, still to be found where it says?"""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.app import ROOT
from bot.clock import real_clock
from bot.command_line import say
from bot.wording import paris_day

cli = typer.Typer(help="check the content, the directory, the examples", invoke_without_command=True)
WIDTH_OF_TOPIC, WIDTH_OF_LANGUAGE = 64, 13


@cli.callback()
def check_all(context: typer.Context) -> None:
    """Check the content, the directory, the examples and the translations; what CI runs before the tests."""
    if context.invoked_subcommand is not None:
        return
    from bot.check import problems

    found = problems(ROOT)
    for problem in found:
        say(problem)
    say(f"check: {len(found)} problem(s)")
    if found:
        raise typer.Exit(1)


@cli.command("content")
def check_content() -> None:
    """Print topic by language: complete, review, expiry, length; fail on any hole."""
    from bot.check import content_of
    from bot.content_checks import TOPICS, soon, table
    from bot.content_problems import content_problems
    from bot.readability import readability
    from dialogues.state import EASY

    words, today = content_of(ROOT), paris_day(real_clock().now())
    grid = Table("topic", "expires", "words/sentence", *words.languages)
    rows: dict[str, list[str]] = {}
    for state in table(words, today):
        row = rows.setdefault(state.topic, [str(state.expires_on or ""),
                                            f"{state.sentence:.1f}" if state.sentence else ""])
        read = f" {state.reviewed_on}" if state.reviewed and state.reviewed_on else "" if state.reviewed else " r"
        row.append(f"{'ok' if state.complete else 'HOLE'} {state.length}{read}")
    for topic, cells in rows.items():
        grid.add_row(topic, *cells)
    # As wide as it is, whatever the terminal: a table cut at 80 columns says nothing.
    Console(highlight=False, width=WIDTH_OF_TOPIC + WIDTH_OF_LANGUAGE * len(words.languages)).print(grid)
    say("ok: complete, with its length in characters; r: a native speaker has still to read it, or the day one did")
    easy = Table("topic", "words/sentence", "longest", "ease", f"words/sentence {EASY}", "longest", "ease")
    for topic in TOPICS:
        found = (readability(words, topic), readability(words, topic, EASY))
        easy.add_row(topic, *(cell for one in found
                              for cell in (f"{one.words:.1f}", str(one.longest), f"{one.ease:.0f}")))
    Console(highlight=False, width=WIDTH_OF_TOPIC * 2).print(easy)
    say("ease: Kandel and Moles for French, easy from 70, hard under 50")
    for warning in soon(words, today):
        say(warning)
    problems = content_problems(words, today)
    for problem in problems:
        say(problem)
    if problems:
        raise typer.Exit(1)


@cli.command("facts")
def check_facts(
    file: Annotated[Path, typer.Argument(help="TSV « intent<TAB>regular expression »")],
    lang: Annotated[str, typer.Option("--lang", help="the language of the answers")] = "fr",
) -> None:
    """Look for each fact in the answer a person would see."""
    from bot.check import content_of
    from bot.content_checks import facts
    from dialogues.state import EASY

    words = content_of(ROOT)
    known = (*words.languages, EASY)
    if lang not in known:
        raise typer.BadParameter(f"« {lang} » is not one of {', '.join(known)}")
    count, missed = facts(words, file, lang, paris_day(real_clock().now()))
    for line in missed:
        say(line)
    say(f"facts: {count - len(missed)} of {count} found ({lang})")
    if missed:
        raise typer.Exit(1)


@cli.command("links")
def check_links() -> None:
    """Ask each page that is named whether it is still there; without a network nothing is tested."""
    from bot.check import content_of
    from bot.content_checks import links
    from bot.links import NoNetworkError, dead

    urls = links(content_of(ROOT))
    try:
        found = asyncio.run(dead(urls))
    except NoNetworkError:
        say("links: no network, nothing was tested")
        return
    for problem in found:
        say(problem)
    say(f"links: {len(urls) - len(found)} of {len(urls)} are there")
    if found:
        raise typer.Exit(1)
