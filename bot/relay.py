"""What passes between the person and a counsellor, in its final form for the one who receives it."""

from bot.content import Content
from bot.outbound import Attachment, Enclosed, Pin, Rendered
from dialogues.effects import PassOn, PassOnEnclosure, RelayToTeam
from dialogues.enclosure import MediaKind
from dialogues.text import Quoted, Text

# The kinds that have a word of their own; a sticker or a contact is « something ».
NAMED = frozenset({"voice", "photo", "video", "document", "location"})


def to_person(content: Content, effect: PassOn | PassOnEnclosure, language: str) -> Rendered:
    """A counsellor's words, phrase, picture or place, under their first name."""
    match effect:
        case PassOn(name=name, text=Text() as phrase):
            return Rendered(content.text(phrase, language), language, (), "counsellor", name)
        case PassOn(name=name, text=str(words), translation=translation):
            both = Text("utter_translated", {"translation": Quoted(translation), "words": Quoted(words)}) if (
                translation is not None) else None
            if effect.corrected:
                said = content.text(Text("utter_corrected", {"words": both or Quoted(words)}), language)
            else:
                said = content.text(both, language) if both is not None else words
            return Rendered(said, language, (), "counsellor", name)
        case PassOnEnclosure(name=name):
            attachment = _attachment(content, effect, language)
            return Rendered(effect.caption or attachment_words(content, effect.kind, language), language, (),
                            "counsellor", name, attachment)
    raise TypeError(type(effect).__name__)


def to_team(content: Content, effect: RelayToTeam) -> Rendered:
    """The person's words, or what they sent besides."""
    match effect.kind:
        case "text" | "edited" if effect.translation:
            key = "utter_team_translated" if effect.kind == "text" else "utter_team_translated_edited"
            text = Text(key, {"translation": Quoted(effect.translation), "text": Quoted(effect.text)})
        case "text":
            text = Text("utter_team_relay", {"text": Quoted(effect.text)})
        case "edited":
            text = Text("utter_team_edited", {"text": Quoted(effect.text)})
        case kind:
            what = Text(f"utter_team_kind_{kind}")
            known = Text("utter_team_near", {"commune": Quoted(effect.text)}) if effect.text else ""
            key = "utter_team_media" if effect.enclosure or effect.text else "utter_team_media_unseen"
            text = Text(key, {"kind": what, "known": known})
    said = content.render(text, "fr", speaker="team")
    if effect.enclosure is None:
        return said
    missing = content.words("utter_team_enclosed_missing", "fr")
    enclosed = Enclosed(_kind(effect.kind), effect.enclosure, content.words("utter_team_open", "fr"), missing)
    return Rendered(said.text, "fr", (), "team", None, enclosed)


def attachment_words(content: Content, kind: str, language: str) -> str:
    """What was sent, in a word of the person's language."""
    return content.words(f"label/media_{kind if kind in NAMED else 'other'}", language)


def _attachment(content: Content, effect: PassOnEnclosure, language: str) -> Attachment:
    words = attachment_words(content, effect.kind, language)
    if effect.point is not None:
        latitude, longitude = effect.point
        return Pin(latitude, longitude, effect.name, words, content.words("label/map", language))
    return Enclosed(effect.kind, effect.enclosure, words, content.words("utter_enclosed_missing", language))


def _kind(kind: str) -> MediaKind:
    known: dict[str, MediaKind] = {
        "voice": "voice", "photo": "photo", "video": "video", "sticker": "sticker", "document": "document",
        "contact": "contact", "location": "location",
    }
    return known.get(kind, "other")
