"""The Bot API's methods, as far as the bot uses them; each raises Refusal as Telegram refuses."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.bot_api.world import DEFAULT_UPDATES, Json, Refusal, Sent, World, integer, nested

Method = Callable[[World, Json], Awaitable[Any]]
METHODS: dict[str, Method] = {}
LONGEST_TEXT = 4096  # after https://core.telegram.org/bots/api#sendmessage
LONGEST_DATA = 64


def method(name: str) -> Callable[[Method], Method]:
    def register(function: Method) -> Method:
        METHODS[name] = function
        return function
    return register


@method("getMe")
async def get_me(world: World, params: Json) -> Json:
    return world.bot


@method("getUpdates")
async def get_updates(world: World, params: Json) -> list[Json]:
    """Long poll: an offset confirms all below it; a newer poll ends an older one with 409."""
    if world.webhook is not None:
        raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active; "
                           "use deleteWebhook to delete the webhook first")
    world.poll += 1
    mine = world.poll
    world.wake()
    _allow(world, params)
    offset = integer(params, "offset")
    if offset is not None and offset < 0:
        world.updates = world.updates[offset:]
    elif offset is not None:
        world.updates = [update for update in world.updates if update["update_id"] >= offset]
    seconds = min(integer(params, "timeout") or 0, 50)
    try:
        if seconds:
            await world.wait_until(lambda: bool(world.updates) or world.closing or world.poll != mine, seconds)
    except TimeoutError:
        return []
    if world.poll != mine:
        raise Refusal(409, "Conflict: terminated by other getUpdates request; "
                           "make sure that only one bot instance is running")
    return world.updates[: integer(params, "limit") or 100]


@method("setWebhook")
async def set_webhook(world: World, params: Json) -> bool:
    _allow(world, params)
    world.webhook = dict(params) if params.get("url") else None
    world.wake()
    return True


@method("deleteWebhook")
async def delete_webhook(world: World, params: Json) -> bool:
    world.webhook = None
    if str(params.get("drop_pending_updates")).lower() == "true":
        world.updates = []
    return True


@method("getWebhookInfo")
async def get_webhook_info(world: World, params: Json) -> Json:
    hook = world.webhook or {}
    return {"url": hook.get("url", ""), "has_custom_certificate": False, "pending_update_count": len(world.updates)}


@method("sendMessage")
async def send_message(world: World, params: Json) -> Json:
    text = str(params.get("text") or "").strip()
    if not text:
        raise Refusal(400, "Bad Request: message text is empty")
    if _units(text) > LONGEST_TEXT:
        raise Refusal(400, "Bad Request: message is too long")
    return world.message_json(_post(world, params, text))


@method("editMessageText")
async def edit_message_text(world: World, params: Json) -> Json:
    message = world.message_of(params, "edit")
    text = str(params.get("text") or "").strip()
    if not text:
        raise Refusal(400, "Bad Request: message text is empty")
    if _units(text) > LONGEST_TEXT:
        raise Refusal(400, "Bad Request: MESSAGE_TOO_LONG")
    return _edit(world, message, text, params)


@method("editMessageReplyMarkup")
async def edit_message_reply_markup(world: World, params: Json) -> Json:
    message = world.message_of(params, "edit")
    return _edit(world, message, message.text, params)


@method("deleteMessage")
async def delete_message(world: World, params: Json) -> bool:
    message = world.message_of(params, "delete")
    world.messages.remove(message)
    world.deleted.append((message.chat.id, message.id))
    return True


@method("answerCallbackQuery")
async def answer_callback_query(world: World, params: Json) -> bool:
    world.answered.append(params)
    return True


@method("createForumTopic")
async def create_forum_topic(world: World, params: Json) -> Json:
    chat = world.chat_of(params)
    name = str(params.get("name") or "")
    if not chat.forum:
        raise Refusal(400, "Bad Request: the chat is not a forum")
    if not chat.may_open_topics:
        raise Refusal(400, "Bad Request: not enough rights to create a topic")
    if not 1 <= len(name) <= 128:
        raise Refusal(400, "Bad Request: TOPIC_TITLE_EMPTY")
    thread = world.new_id()
    chat.topics[thread] = name
    return {"message_thread_id": thread, "name": name, "icon_color": 7322096}


@method("closeForumTopic")
async def close_forum_topic(world: World, params: Json) -> bool:
    chat = world.chat_of(params)
    thread = integer(params, "message_thread_id")
    if not chat.forum:
        raise Refusal(400, "Bad Request: the chat is not a forum")
    if thread not in chat.topics:
        raise Refusal(400, "Bad Request: message thread not found")
    if thread in chat.closed:
        raise Refusal(400, "Bad Request: TOPIC_NOT_MODIFIED")
    chat.closed.add(thread)
    return True


@method("setMyCommands")
async def set_my_commands(world: World, params: Json) -> bool:
    scope = (nested(params, "scope") or {"type": "default"})["type"]
    world.commands[scope, str(params.get("language_code") or "")] = nested(params, "commands")
    return True


@method("setMyDescription")
async def set_my_description(world: World, params: Json) -> bool:
    world.descriptions[str(params.get("language_code") or "")] = str(params.get("description") or "")
    return True


@method("setMyShortDescription")
async def set_my_short_description(world: World, params: Json) -> bool:
    world.short_descriptions[str(params.get("language_code") or "")] = str(params.get("short_description") or "")
    return True


@method("getChat")
async def get_chat(world: World, params: Json) -> Json:
    return world.chat_of(params).as_json() | {"accent_color_id": 0, "max_reaction_count": 11,
                                              "accepted_gift_types": {}}


@method("sendChatAction")
async def send_chat_action(world: World, params: Json) -> bool:
    world.actions.append((world.chat_of(params).id, str(params.get("action"))))
    return True


@method("sendLocation")
async def send_location(world: World, params: Json) -> Json:
    place = {"latitude": float(params["latitude"]), "longitude": float(params["longitude"])}
    return world.message_json(_post(world, params, "")) | {"location": place}


@method("sendVenue")
async def send_venue(world: World, params: Json) -> Json:
    title, address = str(params.get("title") or ""), str(params.get("address") or "")
    if not title or not address:
        raise Refusal(400, "Bad Request: parameter \"title\" or \"address\" is empty")
    place = {"latitude": float(params["latitude"]), "longitude": float(params["longitude"])}
    venue = {"location": place, "title": title, "address": address}
    return world.message_json(_post(world, params, "")) | {"venue": venue}


@method("getFile")
async def get_file(world: World, params: Json) -> Json:
    name = str(params.get("file_id"))
    if name not in world.files:
        raise Refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
    return {"file_id": name, "file_unique_id": f"u{name}", "file_size": len(world.files[name]),
            "file_path": f"files/{name}"}


@method("copyMessage")
async def copy_message(world: World, params: Json) -> Json:
    """Any content the bot can see, without its author. What nobody sent, or is gone, is refused."""
    source = world.seen.get((integer(params, "from_chat_id") or 0, integer(params, "message_id") or 0))
    if source is None:
        raise Refusal(400, "Bad Request: message to copy not found")
    shown = {k: v for k, v in source.items() if k not in ("from", "chat", "date", "message_id")}
    copied = _post(world, params | {"copied": shown}, str(params.get("caption") or shown.get("caption") or ""))
    return {"message_id": copied.id}


def _upload(kind: str) -> Method:
    async def send(world: World, params: Json) -> Json:
        content = params.get(kind)
        if isinstance(content, str):  # attach://name points at a multipart field, else it is a known file's id
            content = params.get(content.removeprefix("attach://"), world.files.get(content))
        if not isinstance(content, bytes) or not content:
            raise Refusal(400, f"Bad Request: there is no {kind} in the request")
        message = _post(world, {k: v for k, v in params.items() if not isinstance(v, bytes)}, "")
        message.text, message.file = str(params.get("caption") or ""), content
        name = f"sent{message.id}"
        world.files[name] = content
        about: Json = {"file_id": name, "file_unique_id": f"u{name}", "file_size": len(content)}
        about |= {"voice": {"duration": 1}, "audio": {"duration": 1}, "photo": {"width": 1, "height": 1},
                  "document": {}}[kind]
        return world.message_json(message) | {kind: [about] if kind == "photo" else about}
    return send


for _kind in ("voice", "audio", "photo", "document"):
    METHODS[f"send{_kind.capitalize()}"] = _upload(_kind)


def _post(world: World, params: Json, text: str) -> Sent:
    chat = world.chat_of(params)
    markup = _markup(chat.kind, nested(params, "reply_markup"))
    thread = integer(params, "message_thread_id")
    if thread is not None and thread not in chat.topics:
        raise Refusal(400, "Bad Request: message thread not found")
    if thread in chat.closed:
        raise Refusal(400, "Bad Request: TOPIC_CLOSED")
    reply_to = _reply(world, chat.id, params)
    message = Sent(chat, world.new_id(), text, markup, thread, reply_to, world.new_time(), params)
    world.messages.append(message)
    world.wake()
    return message


def _reply(world: World, chat: int, params: Json) -> int | None:
    reply = nested(params, "reply_parameters")
    if not reply:
        return None
    if reply["message_id"] in {message.id for message in world.sent(chat)}:
        return int(reply["message_id"])
    if not reply.get("allow_sending_without_reply"):
        raise Refusal(400, "Bad Request: message to be replied not found")
    return None


def _edit(world: World, message: Sent, text: str, params: Json) -> Json:
    markup = _markup(message.chat.kind, nested(params, "reply_markup"))
    if (text, markup) == (message.text, message.markup):
        raise Refusal(400, "Bad Request: message is not modified: specified new message content and reply markup "
                           "are exactly the same as a current content and reply markup of the message")
    message.text, message.markup = text, markup
    message.edited += 1
    world.wake()
    return world.message_json(message)


def _markup(chat_kind: str, markup: Json | None) -> Json | None:
    for row in (markup or {}).get("inline_keyboard", []):
        for button in row:
            if not button.get("text"):
                raise Refusal(400, "Bad Request: text buttons are unallowed in the inline keyboard")
            if not 1 <= len(button.get("callback_data", "").encode()) <= LONGEST_DATA:
                raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
    asks = any(button.get("request_location") for row in (markup or {}).get("keyboard", []) for button in row)
    if asks and chat_kind != "private":
        raise Refusal(400, "Bad Request: location can be requested in private chats only")
    return markup or None


def _allow(world: World, params: Json) -> None:
    allowed = nested(params, "allowed_updates")
    if allowed is not None:
        world.allowed = frozenset(allowed) or DEFAULT_UPDATES


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
