"""The composition root: the one place that knows what is real, and puts it together."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import structlog

from bot.calendar.entries import Entry
from bot.calendar.importing import lay_out_further
from bot.calendar.recurrence import holiday
from bot.channels.imap import ImapMailbox, read_imap_server
from bot.channels.mail import MailChannel, read_server
from bot.channels.web.talk import NAME as PAGE
from bot.clock import Clock
from bot.content import NAMES, Content, read_content
from bot.desk import Desk
from bot.desk.mailboxes import follow_directory
from bot.file_links import FileLinks
from bot.files import Files
from bot.gaps import Gaps
from bot.geography import Map
from bot.jobs import due, outbox, retention, webhooks
from bot.jobs.returns import Returns
from bot.jobs.schedule import Schedule, Tick
from bot.mail_links import MAIL, Links
from bot.mail_marks import Marks
from bot.ports import Channel, ChannelError, IsCounsellors, ReadFile
from bot.post import Post
from bot.rasa import Rasa
from bot.sample import sample_entries
from bot.settings import Settings
from bot.signs import Signs
from bot.store.crypto import Vault
from bot.store.key_file import load_vault
from bot.store.store import Store
from bot.store.values import CounsellorSeed
from bot.teams import Teams
from bot.translate import LibreTranslate
from bot.turn import Turns
from bot.wording import paris_day
from dialogues.world import World
from handoff.directory import Directory, load_directory
from handoff.referrals import Referral, load_referrals
from nlu.communes import Gazetteer
from nlu.later import UnderstandingLater, make_understanding
from nlu.learning import Learning
from nlu.redact_apart import RedactApart

if TYPE_CHECKING:
    from bot.channels.telegram import TelegramChannel

log = structlog.get_logger(__name__)
ROOT = Path(__file__).resolve().parent.parent
# The sign-in link printed at start is worth this long; a new start prints a new one.
SIGN_IN_TTL = timedelta(hours=12)
# Seconds that what was not understood has to be redacted and kept, from the beginning of a stop.
TIME_FOR_GAPS = 10.0
# What typing "/" proposes on Telegram. The channel passes a command's name on as words.
COMMANDS = {"menu": "ask_menu", "rdv": "find_permanence", "human": "ask_human", "language": "change_language",
            "prenom": "change_alias", "erase": "delete_my_data"}
TICKS_SECONDS = {"outbox": 1.0, "due": 5.0, "sweep": 15.0, "retention": 3600.0, "calendar": 6 * 3600.0,
                 "gaps": 60.0, "waiting": 60.0, "webhooks": 5.0, "quiet": 60.0, "renewals": 600.0,
                 "returns": 300.0}


@dataclass
class App:
    """Everything that runs, put together."""

    settings: Settings
    clock: Clock
    store: Store
    content: Content
    directory: Directory
    geography: Map
    turns: Turns
    desk: Desk
    rasa: Rasa
    post: Post
    schedule: Schedule
    telegram: "TelegramChannel | None"
    learning: Learning
    understanding: UnderstandingLater
    sample: tuple[Entry, ...]
    links: Links
    file_links: FileLinks
    files: Files
    signs: Signs
    gaps: Gaps
    mail: MailChannel | None = None
    _introduction: asyncio.Task[None] | None = None
    _learning: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to tick and to prepare the understanding; Telegram is started apart (it is async)."""
        self.rasa.start()
        self.schedule.start()
        self._learning = asyncio.create_task(self.learning.prepare(), name="learning")

    async def connect_mailboxes(self) -> None:
        """Connect the mailboxes that the directory names, when mail can be sent; leave those it names no more."""
        await follow_directory(self.desk, connect=self.settings.smtp_url is not None)

    async def start_telegram(self) -> None:
        """Connect Telegram, when there is a token."""
        if self.telegram is not None:
            await self.telegram.start()
            self._introduction = asyncio.create_task(self._introduce(self.telegram), name="telegram-introduction")

    async def _introduce(self, telegram: "TelegramChannel") -> None:
        """The menu of commands, and what the bot says of itself before the first message."""
        languages = self.content.languages
        try:
            await telegram.set_up(
                {code: {name: self.content.words(f"label/{key}", code) for name, key in COMMANDS.items()}
                 for code in languages},
                {code: self.content.words("utter_welcome", code) for code in languages},
                {code: self.content.words("label/page_machine", code) for code in languages},
            )
        except ChannelError as cause:  # the conversation works without: the next start tries again
            log.warning("telegram_not_introduced", cause=type(cause).__name__)

    async def stop(self) -> None:
        """Stop all, in the order that loses nothing: no more in, then what is under way, then the store."""
        self.schedule.stop()
        if self._introduction is not None:
            self._introduction.cancel()
        async with self.gaps.last(TIME_FOR_GAPS):
            if self.telegram is not None:
                await self.telegram.stop()
            await self.post.stop()
            await self.rasa.stop()
            if self._learning is not None:
                self._learning.cancel()
                await asyncio.gather(self._learning, return_exceptions=True)

    async def sign_in_code(self, consortium: str) -> str:
        """A one-time code that signs an admin of ``consortium`` in on the console."""
        return await self.store.new_code("sign_in", consortium, None, "admin", SIGN_IN_TTL)

    async def connect_code(self, consortium: str, body: str) -> str:
        """A one-time code that connects a group to ``body``."""
        self.directory.body(consortium, body)
        return await self.store.new_code("connect", consortium, body, "counsellor", timedelta(days=7))

    def health(self) -> Mapping[str, object]:
        """What /health says: no secret, nobody's data."""
        return {
            "status": "ok",
            "understanding": self.rasa.state,
            "telegram": self.telegram.state if self.telegram else "off",
            "languages": list(self.content.languages),
            "content": self.content.catalog.version,
        }


def read_directory(root: Path) -> Directory:
    """The consortia. Raises DirectoryInvalid."""
    folder = root / "handoff" / "consortia"
    return load_directory({path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yml"))})


def read_referrals(root: Path) -> tuple[Referral, ...]:
    """The doors open to everybody. Raises DirectoryInvalid."""
    return load_referrals((root / "handoff" / "referrals.yml").read_text(encoding="utf-8"))


@asynccontextmanager
async def open_app(
    settings: Settings, clock: Clock, say: Callable[[str], None], *, root: Path = ROOT,
) -> AsyncIterator[App]:
    """The app, with its store open; stopped on exit. ``say`` shows progress to whoever started it."""
    settings.data.mkdir(parents=True, exist_ok=True)
    vault = load_vault(settings.data, settings.keys.get_secret_value() if settings.keys else None)
    url = settings.database_url or f"sqlite+aiosqlite:///{(settings.data / 'premierpas.sqlite').absolute()}"
    store = await Store.open(url, vault, clock)
    try:
        await store.migrate()
        directory = read_directory(root)
        content = replace(read_content(root, directory.messages(), settings.data / "cache"),
                          today=lambda: paris_day(clock.now()))
        gazetteer = await asyncio.to_thread(Gazetteer)
        geography = Map(gazetteer)
        async with httpx.AsyncClient() as http:
            app = _compose(settings, clock, say, root, store, vault, directory, content, gazetteer, geography, http)
            await locate_places(store, geography)
            await lay_out_calendar(store, app.sample, clock)
            try:
                yield app
            finally:
                await app.stop()
    finally:
        await store.close()


async def lay_out_calendar(store: Store, sample: tuple[Entry, ...], clock: Clock) -> None:
    """Lay the calendar out to its horizon; sessions that exist already stay as they are."""
    await lay_out_further(store, sample, clock.now())


async def locate_places(store: Store, geography: Map) -> None:
    """Where the communes of places are, for those written before that was noted: none of them is far for ever."""
    def where(insee: str) -> tuple[float, float] | None:
        town = geography.by_insee(insee)
        if town is None or town.latitude is None or town.longitude is None:
            return None
        return town.latitude, town.longitude

    async with store.calendar() as desk:
        await desk.locate(where)


async def turn_over_seats(store: Store) -> None:
    """Seats of what was called off go, those of what moved are told of it; kept in vain, they go to who waits."""
    async with store.calendar() as desk:
        await desk.revoke_late()
    async with store.calendar() as desk:
        await desk.tell_of_moves()
    async with store.calendar() as desk:
        await desk.turn_over_seats()


def _compose(
    settings: Settings, clock: Clock, say: Callable[[str], None], root: Path, store: Store, vault: Vault,
    directory: Directory, content: Content, gazetteer: Gazetteer, geography: Map, http: httpx.AsyncClient,
) -> App:
    if settings.rasa_url:
        token = settings.rasa_token.get_secret_value() if settings.rasa_token else ""
        rasa = Rasa.elsewhere(settings.rasa_url, token, http)
    else:
        rasa = Rasa(root, settings.data.absolute(), http, say)
    learning = Learning(root, settings.data.absolute())
    understanding = UnderstandingLater(lambda: make_understanding(gazetteer, learning, rasa.parse))
    teams = Teams(directory, geography, read_referrals(root), holiday)
    gaps = Gaps(store, RedactApart(root, settings.data.absolute()))
    translator = None
    if settings.translate_url is not None:
        key = settings.translate_key.get_secret_value() if settings.translate_key else None
        translator = LibreTranslate(settings.translate_url, key, http)
    turns = Turns(
        store=store, reader=understanding, content=content,
        world=World(content.catalog, geography, content.languages, NAMES), clock=clock,
        teams=teams, nearest=geography.nearest, understanding=lambda: rasa.state == "ready",
        note_gap=gaps.note, translator=translator,
    )
    sample = sample_entries(geography, directory)
    desk = Desk(store, turns, content, teams, clock, translator)
    channels: dict[str, Channel] = {}

    async def send() -> None:
        await outbox.send_waiting(store, channels, turns, clock, desk.lost.notice)

    post = Post(store, turns, desk.team, send)
    readers: dict[str, ReadFile] = {PAGE: lambda enclosure: store.read_file(enclosure.file)}
    files = Files(readers)
    telegram = _telegram(settings, clock, post, files.read, lambda address: _direct(store, address))
    if telegram is not None:
        channels[telegram.name] = telegram
        readers[telegram.name] = telegram.fetch
    signs = Signs(clock.now, {telegram.name: telegram.show_typing} if telegram is not None else {})
    base = settings.public_url or f"http://{settings.host}:{settings.port}"
    links, marks = Links(vault, clock, base), Marks(vault, settings.bounce_address)
    mail: MailChannel | None = None
    if settings.smtp_url is not None:
        server = read_server(settings.smtp_url.get_secret_value())
        channels[MAIL] = mail = MailChannel(server, settings.mail_from, links, marks, clock)
    more = _webhook(settings, store, http, clock)
    if mail is not None and settings.imap_url is not None:
        mailbox = ImapMailbox(read_imap_server(settings.imap_url.get_secret_value()))
        returns = Returns(mailbox, marks, store, turns, desk.lost, desk.sheet_returned, clock)
        more["returns"] = Tick(TICKS_SECONDS["returns"], returns.look)
    schedule = Schedule({
        **more,
        "outbox": Tick(TICKS_SECONDS["outbox"], post.send),
        "due": Tick(TICKS_SECONDS["due"], lambda: due.wake(store, turns, desk, clock)),
        "sweep": Tick(TICKS_SECONDS["sweep"], lambda: due.sweep(store, turns, desk, clock)),
        "retention": Tick(TICKS_SECONDS["retention"], lambda: retention.forget(store, turns, clock)),
        "gaps": Tick(TICKS_SECONDS["gaps"], gaps.keep),
        "calendar": Tick(TICKS_SECONDS["calendar"], lambda: lay_out_calendar(store, sample, clock)),
        "quiet": Tick(TICKS_SECONDS["quiet"], desk.quiet.look),
        "renewals": Tick(TICKS_SECONDS["renewals"], desk.renewals.look),
        "waiting": Tick(TICKS_SECONDS["waiting"], lambda: turn_over_seats(store)),
    })
    return App(settings, clock, store, content, directory, geography, turns, desk, rasa, post, schedule, telegram,
               learning, understanding, sample, links, FileLinks(vault, clock, base), files, signs, gaps, mail)


async def _direct(store: Store, address: str) -> bool:
    """Whether this private chat of Telegram's is a counsellor's."""
    from bot.channels.telegram import NAME as TELEGRAM

    chat = await store.team_chat(TELEGRAM, address)
    return chat is not None and chat.direct


def _webhook(settings: Settings, store: Store, http: httpx.AsyncClient, clock: Clock) -> dict[str, Tick]:
    """The tick that tells another system, when there is one and calls to it can be signed."""
    if not settings.webhook_url or not settings.webhook_secret:
        return {}
    url, secret = settings.webhook_url, settings.webhook_secret.get_secret_value().encode()
    store.database.tells_others = True
    return {"webhooks": Tick(TICKS_SECONDS["webhooks"], lambda: webhooks.call(store, http, clock, url, secret))}


def _telegram(
    settings: Settings, clock: Clock, post: Post, read_file: ReadFile, is_counsellors: IsCounsellors,
) -> "TelegramChannel | None":
    if settings.telegram_token is None:
        return None
    from bot.channels.telegram import TelegramChannel, Webhook  # a third of a second: only where there is a token

    webhook = None
    if settings.telegram_webhook_url and settings.telegram_webhook_secret:
        webhook = Webhook(settings.telegram_webhook_url, settings.telegram_webhook_secret.get_secret_value())
    return TelegramChannel(
        settings.telegram_token.get_secret_value(), clock, post.on_person, post.on_team,
        api_url=settings.telegram_api_url, webhook=webhook, read_file=read_file, is_counsellors=is_counsellors,
    )


async def add_admin(app: App, consortium: str, name: str) -> str:
    """A named admin of ``consortium``; their id."""
    return (await app.store.add_counsellor(CounsellorSeed(consortium, None, "admin", name))).id
