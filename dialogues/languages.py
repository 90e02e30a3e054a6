"""Which language a conversation is in: said over chosen over detected."""

from dataclasses import replace

from dialogues import doubt, routes
from dialogues.reading import Reading
from dialogues.run import Run
from dialogues.state import Option
from dialogues.text import Quoted, Text

# Meanings that answer nothing by themselves: first contact with these gets the whole welcome.
OPENINGS = frozenset({"greet", "ask_menu", "ask_bot_identity", "thank", "affirm", "deny", "ask_repeat", "go_back"})


def hear(run: Run, reading: Reading) -> None:
    """A language once chosen is not switched by what is merely detected."""
    offered = run.world.languages
    if reading.language not in offered:
        return
    if not run.state.chosen:
        run.state = replace(run.state, language=reading.language)


def guess(run: Run, reading: Reading, danger: str | None) -> None:
    """Somebody's first few words are not sure to be of a language; what answers them is in the likeliest all the
    same: "quiero morir" is not answered in French."""
    answered = danger is not None or doubt.understood(reading) not in {None, *OPENINGS}
    if run.state.language is None and answered and reading.likely_language in run.world.languages:
        run.state = replace(run.state, language=reading.likely_language)


def offer(run: Run, reading: Reading) -> None:
    """Somebody who chose one language writes another: offer it, once, in its own words."""
    detected = reading.language
    if detected in run.world.languages and detected not in (run.state.language, run.state.offered_language):
        run.state = replace(run.state, offered_language=detected)
        option = Option(
            Text("label/as_is", {"words": Quoted(run.world.names[detected])}),
            f'/change_language{{"language":"{detected}"}}',
        )
        run.utter("utter_offer_language", {}, (option,), language=detected)


def change(run: Run, reading: Reading) -> None:
    """To the one that is named; else which one is asked."""
    named = reading.named_language
    routes.trigger(run, "change_language", {"language": named} if named in run.world.languages and named else {})
