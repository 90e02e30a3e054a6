"""The command line: ``./premierpas start``, ``chat``, ``check``, ``nlu …``, ``keys rotate``, ``content …``."""

import asyncio
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot import calendar_cli, leads_cli, log
from bot.app import ROOT, open_app
from bot.clock import real_clock
from bot.collecting import nothing_collected
from bot.listening import AddressUnusable, listen
from bot.route_cli import show_route
from bot.settings import Settings
from bot.wording import paris_day

cli = typer.Typer(help="Premier Pas", no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
nlu = typer.Typer(help="understanding: train, evaluate", no_args_is_help=True)
content = typer.Typer(help="words: what is translated, what is missing", no_args_is_help=True)
keys = typer.Typer(help="encryption keys", no_args_is_help=True)
check = typer.Typer(help="check the content, the directory, the examples", invoke_without_command=True)
cli.add_typer(nlu, name="nlu")
cli.add_typer(check, name="check")
cli.add_typer(content, name="content")
cli.add_typer(keys, name="keys")
cli.add_typer(calendar_cli.cli, name="calendar")
cli.command("route")(show_route)
cli.add_typer(leads_cli.cli, name="leads")
out = Console(highlight=False, soft_wrap=True)
WIDTH_OF_TOPIC, WIDTH_OF_LANGUAGE = 64, 13
Data = Annotated[Path | None, typer.Option("--data", help="where the database, keys and models are kept")]


def _settings(data: Path | None = None, port: int | None = None) -> Settings:
    settings = Settings()
    changes: dict[str, object] = {}
    if data is not None:
        changes["data"] = data
    if port is not None:
        changes["port"] = port
    return settings.model_copy(update=changes)


def say(line: str) -> None:
    """A line of progress, at once."""
    out.print(line, markup=False)


@cli.command()
def start(
    port: Annotated[int | None, typer.Option(help="port of the page and the console")] = None,
    data: Data = None,
    consortium: Annotated[str, typer.Option(help="whose admin the sign-in link is for")] = "portes-du-sud",
) -> None:
    """Start everything: the page, the console, the REST channel, Telegram when it has a token."""
    import uvloop  # as the web server, only needed here

    from bot.serve import serve

    settings = _settings(data, port)
    log.set_up(settings.log_level)
    door = listen(settings.host, settings.port)

    async def run() -> None:
        with ExitStack() as building:
            building.enter_context(nothing_collected())
            async with open_app(settings, real_clock(), say) as app:
                building.close()
                await serve(app, consortium, say, door)

    with door:
        uvloop.run(run())


@cli.command()
def chat(data: Data = None) -> None:
    """Talk to the bot in this terminal."""
    from bot.channels.terminal import chat as talk

    settings = _settings(data)
    log.set_up("ERROR")

    async def read() -> str | None:
        line = await asyncio.to_thread(sys.stdin.readline)
        return line.rstrip("\n") if line else None

    async def run() -> None:
        async with open_app(settings, real_clock(), say) as app:
            app.start()
            await talk(app.turns, app.clock, read=read, write=say)

    asyncio.run(run())


@cli.command()
def invite(
    consortium: Annotated[str, typer.Argument(help="id of the consortium (portes-du-sud…)")],
    body: Annotated[str, typer.Argument(help="id of the body whose group is connected (ifra…)")],
    data: Data = None,
) -> None:
    """Print the one-time code that connects a team's Telegram group."""
    settings = _settings(data)
    log.set_up("ERROR")

    async def run() -> None:
        async with open_app(settings, real_clock(), say) as app:
            say(f"/connect {await app.connect_code(consortium, body)}")

    asyncio.run(run())


@check.callback()
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


@check.command("content")
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


@check.command("facts")
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


@check.command("links")
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


@content.command("update")
def content_update() -> None:
    """Bring every locales/<lang>.po up to today's French: changed entries turn fuzzy."""
    from bot.check import content_of
    from bot.translations import update

    words = content_of(ROOT)
    for path in sorted((ROOT / "locales").glob("*.po")):
        update(path, words.messages, path.stem)
    content_status()


@content.command("reviewed")
def content_reviewed(
    language: Annotated[str, typer.Argument(help="the language, as in locales/<language>.po")],
    topics: Annotated[list[str], typer.Argument(help="topics (rights_rsa) or keys of messages; « all » for all")],
    on: Annotated[str, typer.Option("--on", help="the day it was read (2026-11-29); today when not said")] = "",
) -> None:
    """Write down that a native speaker read these words."""
    from datetime import date

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


@content.command("extract")
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


@content.command("compile")
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


@content.command("status")
def content_status() -> None:
    """How much of each language is translated, stale, missing, read by a native speaker."""
    from bot.check import content_of
    from bot.translations import counts

    words = content_of(ROOT)
    for path in sorted((ROOT / "locales").glob("*.po")):
        one = counts(path, words.messages)
        say(f"{path.stem}: {one.entries} entries: {one.translated} translated, {one.fuzzy} fuzzy, "
            f"{one.missing} missing, {one.reviewed} reviewed")


@nlu.command("train")
def nlu_train(data: Data = None) -> None:
    """Train the model for the present examples, if there is none."""
    from nlu.training import ensure_model

    path = asyncio.run(ensure_model(ROOT, _settings(data).data.absolute(), say))
    say(f"model: {path.name}")


@nlu.command("evaluate")
def nlu_evaluate(
    paths: Annotated[list[Path], typer.Argument(help="TSV files « intent<TAB>text », or folders of them")],
    as_json: Annotated[bool, typer.Option("--json", help="machine-readable")] = False,
    data: Data = None,
) -> None:
    """Measure what a turn would really do on files of examples, named by variety."""
    from bot.evaluation import evaluate_paths

    log.set_up("ERROR")
    report = asyncio.run(evaluate_paths(paths, _settings(data), (lambda _: None) if as_json else say))
    if as_json:
        sys.stdout.write(report.as_json() + "\n")
    else:
        out.print(report.as_table())


@nlu.command("gaps")
def nlu_gaps(data: Data = None) -> None:
    """Print the messages that were not understood and that an admin has sorted, as « intent<TAB>text »."""
    settings = _settings(data)
    log.set_up("ERROR")

    async def run() -> None:
        async with open_app(settings, real_clock(), say) as app:
            for gap in await app.store.sorted_gaps():
                text = " ".join(gap.text.split())
                sys.stdout.write(f"{gap.sorted_as}\t{text}\n")

    asyncio.run(run())


@keys.command("rotate")
def keys_rotate(data: Data = None) -> None:
    """Add a new encryption key and re-encrypt everything with it."""
    from bot.rotate import rotate

    log.set_up("ERROR")
    count = asyncio.run(rotate(_settings(data), real_clock()))
    say(f"{count} rows re-encrypted with the new key")


def main() -> None:
    """Run the command; what is wrong with the data or the set-up is one sentence, not a traceback."""
    from bot.check import KNOWN_ERRORS

    try:
        cli()
    except (*KNOWN_ERRORS, AddressUnusable) as cause:
        sys.stderr.write(f"premierpas: {cause}\n")
        sys.exit(1)
