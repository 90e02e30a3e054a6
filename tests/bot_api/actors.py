"""People and groups on the other side: each act queues the update that Telegram would send."""

import re
from dataclasses import dataclass

from tests.bot_api.world import Chat, Json, Sent, World

_MENTION = re.compile(r"@\w+")
MEMBER = 5001


@dataclass
class Person:
    """Somebody in their private chat with the bot. Acts give the message (or update) as Telegram shows it."""

    world: World
    chat: Chat

    @property
    def id(self) -> int:
        return self.chat.id

    def starts(self, payload: str = "") -> Json:
        """Opens the conversation, from a link when there is a payload."""
        return self.says(f"/start {payload}".strip())

    def says(self, text: str) -> Json:
        return self.sends(text=text)

    def sends(self, **content: object) -> Json:
        """A message of any content: ``sends(photo=[...], caption="...")``."""
        message = self._message() | content
        self.world.push("message", message)
        return message

    def sends_voice(self, audio: bytes = b"OggS") -> Json:
        """A voice note, whose bytes getFile gives."""
        name = f"voice{self.world.new_id()}"
        self.world.files[name] = audio
        return self.sends(voice=_file(name) | {"duration": 2, "mime_type": "audio/ogg"})

    def sends_photo(self, caption: str | None = None, album: str | None = None) -> Json:
        extra = ({"caption": caption} if caption else {}) | ({"media_group_id": album} if album else {})
        return self.sends(photo=[_file("photo") | {"width": 1, "height": 1}], **extra)

    def shares_position(self, latitude: float, longitude: float) -> Json:
        return self.sends(location={"latitude": latitude, "longitude": longitude})

    def edits(self, message: Json, text: str) -> Json:
        """Changes the text of a message already sent."""
        edited = message | {"text": text, "edit_date": self.world.new_time()}
        self.world.push("edited_message", edited)
        return edited

    def presses(self, message: Sent, choice: int | str) -> Json:
        """Presses an inline button, by its place or its title."""
        return _press(self.world, self._user(), message, choice)

    def blocks_bot(self) -> Json:
        self.chat.blocked = True
        return self.world.push("my_chat_member", self._membership("member", "kicked"))

    def unblocks_bot(self) -> Json:
        self.chat.blocked = False
        return self.world.push("my_chat_member", self._membership("kicked", "member"))

    def _user(self) -> Json:
        user: Json = {"id": self.chat.id, "is_bot": False, "first_name": self.chat.name}
        return user | ({"language_code": self.chat.language_code} if self.chat.language_code else {})

    def _message(self) -> Json:
        return {"message_id": self.world.new_id(), "date": self.world.new_time(), "chat": self.chat.as_json(),
                "from": self._user()}

    def _membership(self, before: str, after: str) -> Json:
        return _membership(self.world, self.chat, self._user(), before, after)


@dataclass
class Group:
    """A group that the bot is in. ``member``: who acts, by an id of your choice."""

    world: World
    chat: Chat

    @property
    def id(self) -> int:
        return self.chat.id

    def member_says(
        self, text: str, member: int = MEMBER, *, name: str = "Nadia", thread: int | None = None,
        reply_to: Sent | Json | None = None,
    ) -> Json:
        """Somebody writes: in the group, in a topic (``thread``), as a reply to a message."""
        return self.member_sends(member, name=name, thread=thread, reply_to=reply_to, text=text,
                                 entities=_mentions(text))

    def member_sends(
        self, member: int = MEMBER, *, name: str = "Nadia", thread: int | None = None,
        reply_to: Sent | Json | None = None, **content: object,
    ) -> Json:
        message = self._message(_user(member, name)) | content
        if thread is not None:
            message |= {"message_thread_id": thread, "is_topic_message": True}
            if reply_to is None:  # so does Telegram: each message "answers" the topic's opening
                message["reply_to_message"] = self._opening(thread)
        if reply_to is not None:
            shown = self.world.message_json(reply_to) if isinstance(reply_to, Sent) else reply_to
            message["reply_to_message"] = shown
        self.world.push("message", message)
        return message

    def anonymous_admin_says(self, text: str, thread: int | None = None) -> Json:
        """An administrator who stays anonymous: Telegram shows the group itself."""
        message = self._message({"id": 1087968824, "is_bot": True, "first_name": "Group",
                                 "username": "GroupAnonymousBot"})
        message |= {"sender_chat": self.chat.as_json(), "text": text, "entities": _mentions(text)}
        if thread is not None:
            message |= {"message_thread_id": thread, "is_topic_message": True}
        self.world.push("message", message)
        return message

    def member_presses(self, message: Sent, choice: int | str, member: int = MEMBER, name: str = "Nadia") -> Json:
        return _press(self.world, _user(member, name), message, choice)

    def becomes_supergroup(self, new_id: int) -> "Group":
        """The group moves to another id; writing to this one says where."""
        self.chat.moved_to = new_id
        moved = Chat(new_id, "supergroup", self.chat.name, forum=self.chat.forum)
        self.world.chats[new_id] = moved
        self.world.push("message", self._message(_user(MEMBER, "Nadia")) | {"migrate_to_chat_id": new_id})
        return Group(self.world, moved)

    def removes_bot(self, member: int = MEMBER) -> Json:
        self.chat.blocked = True
        change = _membership(self.world, self.chat, _user(member, "Nadia"), "administrator", "left")
        return self.world.push("my_chat_member", change)

    def _message(self, user: Json) -> Json:
        return {"message_id": self.world.new_id(), "date": self.world.new_time(), "chat": self.chat.as_json(),
                "from": user}

    def _opening(self, thread: int) -> Json:
        return {"message_id": thread, "date": 1, "chat": self.chat.as_json(), "from": self.world.bot,
                "message_thread_id": thread, "is_topic_message": True,
                "forum_topic_created": {"name": self.chat.topics.get(thread, ""), "icon_color": 7322096}}


def _press(world: World, user: Json, message: Sent, choice: int | str) -> Json:
    at = message.titles.index(choice) if isinstance(choice, str) else choice
    query: Json = {"id": f"q{world.new_id()}", "from": user, "chat_instance": "1",
                   "message": world.message_json(message), "data": message.buttons[at]["callback_data"]}
    world.push("callback_query", query)
    return query


def _membership(world: World, chat: Chat, user: Json, before: str, after: str) -> Json:
    return {"chat": chat.as_json(), "from": user, "date": world.new_time(),
            "old_chat_member": _member(world, before), "new_chat_member": _member(world, after)}


def _member(world: World, status: str) -> Json:
    member: Json = {"user": world.bot, "status": status}
    if status == "kicked":
        member["until_date"] = 0
    if status == "administrator":
        member |= {"can_be_edited": False, "is_anonymous": False} | {
            f"can_{right}": True for right in (
                "manage_chat", "delete_messages", "manage_video_chats", "restrict_members", "promote_members",
                "change_info", "invite_users", "post_stories", "edit_stories", "delete_stories", "manage_topics")}
    return member


def _user(member: int, name: str) -> Json:
    return {"id": member, "is_bot": False, "first_name": name}


def _file(name: str) -> Json:
    return {"file_id": name, "file_unique_id": f"u{name}", "file_size": 4}


def _mentions(text: str) -> list[Json]:
    return [{"type": "mention", "offset": _units(text[: at.start()]), "length": _units(at[0])}
            for at in _MENTION.finditer(text)]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
