"""A lead's card as its state changes, and the sentences that answer a counsellor. Always French."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.content import Content
from bot.desk.outcomes import LONGEST_REPLY, Outcome
from bot.outbound import Button, Rendered
from bot.store.values import LeadRow
from dialogues.items import item_bullets
from dialogues.snapshot import Team
from dialogues.text import Arg, Bullets, Moment, Quoted, Text
from handoff.leads import CHOICES, OUTCOMES, REFUSALS, stages_ahead


class Cards:
    """Renders what teams read from ``dialogues/team.yml``."""

    def __init__(self, content: Content) -> None:
        self._content = content

    def say(self, name: str, args: Mapping[str, Arg] | None = None, *buttons: Button) -> Rendered:
        """The team's text ``utter_team_<name>``."""
        words = self._content.text(Text(f"utter_team_{name}", args or {}), "fr").strip()
        return Rendered(words, "fr", buttons, "team")

    def offered(self, lead: LeadRow) -> Rendered:
        """Nobody has it: take it, or say that it is not for this team."""
        return self.say("card", self._about(lead), self._button("take", "take", lead),
                        self._button("refuse", "refuse", lead))

    def taken(self, lead: LeadRow, name: str) -> Rendered:
        """Somebody has it."""
        return self.say("card_taken", {**self._about(lead), "name": Quoted(name)},
                        self._button("back", "back", lead), self._button("close", "close", lead),
                        self._button("dates", "dates", lead), self._button("phrases", "phrases", lead),
                        self._button("pass", "pass", lead), self._button("stage", "stage", lead))

    def teams(self, lead: LeadRow, teams: Sequence[Team]) -> Rendered:
        """The teams that the person may be asked about, a button each."""
        return self.say("pass_list", {"ref": Quoted(lead.ref)}, *(
            Button(team.name, f"/lead pass_to {lead.ref} {team.body}") for team in teams))

    def phrases(self, lead: LeadRow, phrases: Sequence[str]) -> Rendered:
        """The ready phrases, a button each; what they say in French is read before they are sent."""
        said = {one: self._content.text(Text(f"utter_phrase_{one}"), "fr") for one in phrases}
        lines = Bullets(tuple(Quoted(f"{self.phrase(one)} : {words}") for one, words in said.items()))
        return self.say("phrases_list", {"phrases": lines}, *(
            Button(self.phrase(one), f"/lead phrase {lead.ref} {one}") for one in phrases))

    def phrase(self, phrase: str) -> str:
        """What a ready phrase is called."""
        return self._content.words(f"utter_team_phrase_{phrase}", "fr")

    def back(self, lead: LeadRow, name: str) -> Rendered:
        """The bot talks again."""
        return self.say("card_back", {**self._about(lead), "name": Quoted(name)},
                        self._button("take_again", "take", lead), self._button("close", "close", lead),
                        self._button("stage", "stage", lead))

    def now(self, lead: LeadRow) -> Rendered:
        """An open lead as it stands."""
        name = lead.taken_name or ""
        match lead.state:
            case "taken":
                return self.taken(lead, name)
            case "handed_back":
                return self.back(lead, name)
            case _:
                return self.offered(lead)

    def refused(self, lead: LeadRow, name: str, reason: str) -> Rendered:
        """Not this team's: nothing of the person is left on it."""
        return self.say("card_refused", {
            "ref": Quoted(lead.ref), "name": Quoted(name), "reason": Text(f"utter_team_reason_{reason}"),
        })

    def passed(self, lead: LeadRow, team: str) -> Rendered:
        """Another team has it: nothing of the person is left on it."""
        return self.say("card_passed", {"ref": Quoted(lead.ref), "team": Quoted(team)})

    def waiting(self, lead: LeadRow, words: str, args: Mapping[str, Arg]) -> Rendered:
        """Nobody has it: said again (the text ``utter_team_<words>``), where it can be taken at once."""
        button = "take_anyway" if lead.state == "unowned" else "take"
        return self.say(words, {"ref": Quoted(lead.ref), **args}, self._button(button, "take", lead))

    def unseen(self, lead: LeadRow, since: datetime) -> Rendered:
        """The person has not fetched what was written to them: what is left to do."""
        return self.say("unseen", {"ref": Quoted(lead.ref), "since": Moment(since)},
                        self._button("close", "close", lead))

    def ask_outcome(self, lead: LeadRow) -> Rendered:
        """What came of it? The outcomes as buttons."""
        return self.say("ask_outcome", {"ref": Quoted(lead.ref)}, *(
            Button(self.outcome_of(code), f"/lead outcome {lead.ref} {code}") for code in CHOICES
        ))

    def ask_stage(self, lead: LeadRow) -> Rendered:
        """How far did it come with the person? What is still ahead, as buttons."""
        return self.say("ask_stage", {"ref": Quoted(lead.ref)}, *(
            Button(self._content.words(f"utter_team_stage_{stage}", "fr"), f"/lead stage_is {lead.ref} {stage}")
            for stage in stages_ahead(lead.stage)
        ))

    def outcome_of(self, code: str) -> str:
        """An outcome in words. ``code``: one of OUTCOMES."""
        return self._content.messages.get(f"utter_team_outcome_{code}", OUTCOMES.get(code, code))

    def closed(self, lead: LeadRow, name: str) -> Rendered:
        """Over: nothing of the person is left on it."""
        return self.say("card_closed", {"ref": Quoted(lead.ref), "name": Quoted(name)})

    def unowned(self, lead: LeadRow) -> Rendered:
        """Every team said no: the last one asked, and the admin, look for somebody."""
        return self.say("unowned", {"ref": Quoted(lead.ref)}, self._button("take_anyway", "take", lead))

    def ask_reason(self, lead: LeadRow) -> Rendered:
        """Why is it not for you? The reasons as buttons."""
        return self.say("ask_reason", {"ref": Quoted(lead.ref)}, *(
            Button(self.reason(code), f"/lead refuse_because {lead.ref} {code}") for code in REFUSALS
        ))

    def reason(self, code: str) -> str:
        """A reason for refusing, in words. ``code``: one of REFUSALS."""
        return self._content.words(f"utter_team_reason_{code}", "fr")

    def console_said(self, name: str, text: str) -> Rendered:
        """What was written on the console, for the rest of the team."""
        return self.say("console_said", {"name": Quoted(name), "text": Quoted(text)})

    def colleague_said(self, name: str, text: str) -> Rendered:
        """What a colleague wrote to the person from another chat of the team."""
        return self.say("colleague_said", {"name": Quoted(name), "text": Quoted(text)})

    def outcome(self, outcome: Outcome) -> Rendered:
        """What became of a counsellor's act, in a sentence."""
        args: dict[str, Arg] = {"ref": Quoted(outcome.ref), "name": Quoted(outcome.name), "most": LONGEST_REPLY}
        return self.say(outcome.kind, args)

    def item_lines(self, lead: LeadRow) -> tuple[str, ...]:
        """What the person agreed to pass on, one line each, as they read it."""
        return tuple(self._content.arg(item, "fr") for item in self._bullets(lead).items)

    def urgency(self, lead: LeadRow) -> str:
        """What is urgent, in words; empty when nothing is."""
        return self._content.words(f"label/{lead.urgent}", "fr") if lead.urgent else ""

    def _button(self, words: str, verb: str, lead: LeadRow) -> Button:
        return Button(self._content.words(f"utter_team_{words}", "fr"), f"/lead {verb} {lead.ref}")

    def _about(self, lead: LeadRow) -> dict[str, Arg]:
        urgent = Text("utter_team_urgent", {"what": Text(f"label/{lead.urgent}")}) if lead.urgent else ""
        return {
            "ref": Quoted(lead.ref),
            "urgent": urgent,
            "items": self._bullets(lead),
            "reasons": Bullets(tuple(Quoted(reason) for reason in lead.reasons)),
        }

    def _bullets(self, lead: LeadRow) -> Bullets:
        # A later request may have added a second need: each pair is a line of its own.
        return Bullets(tuple(
            item for key, value in lead.items
            for item in item_bullets({key: value}, self._content.catalog).items
        ))
