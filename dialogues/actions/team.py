"""Handing over to a human: who would answer, what is passed on, and only then the lead."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from dialogues.effects import (
    AnswerLiaison,
    FindTeam,
    OpenLead,
    PassLead,
    RecordConsent,
    ShareAlias,
    TellTeam,
    WithdrawLeads,
)
from dialogues.events.answers import LeadOpened, LeadPassed, LiaisonAnswered, TeamFound
from dialogues.items import item_bullets
from dialogues.snapshot import Team
from dialogues.text import Bullets, Moment, Quoted, Text
from dialogues.world import CONSENT_VERSIONS, Action, Context, Result, Utter

# What the person typed goes no further than this: a card is read on a phone.
LONGEST_ITEM = 300


def check_given(context: Context) -> Result:
    """``lead``: how a request stands; ``over`` when a team still has what was passed on with one that is; none."""
    lead, given = context.snapshot.lead, context.snapshot.given
    return Result(slots={"lead": lead.state if lead else "over" if given else "none"})


def say_lead(context: Context) -> Result:
    """Where their request stands."""
    lead, given = context.snapshot.lead, context.snapshot.given
    if lead is None:
        over = Utter("utter_lead_over", {"team": Text(f"body/{given}")}) if given else Utter("utter_no_lead")
        return Result((over,))
    team = Text(f"body/{lead.territory}/{lead.team}")
    if lead.state == "handed_back":
        return Result((Utter("utter_lead_still", {"team": team}),))
    if lead.state == "unowned":
        return Result((Utter("utter_lead_unowned"),))
    stands = Utter("utter_lead_waiting", {"team": team})
    if lead.state == "taken" and lead.taken_by and context.state.mode == "bot":
        # They had asked the machine back: from here on their words are for the human again.
        told = TellTeam(lead.id, Text("utter_team_to_human"))
        away = () if lead.back_at is None else (Utter("utter_lead_back_at", {"when": Moment(lead.back_at)}),)
        return Result(
            (told, *away, Utter("utter_lead_taken", {"name": Quoted(lead.taken_by), "team": team})),
            state=replace(context.state, mode="human", stack=context.state.stack[-1:], heard_at=context.now),
        )
    if lead.state == "taken" and lead.taken_by:
        stands = Utter("utter_lead_taken_already", {"name": Quoted(lead.taken_by), "team": team})
    if lead.back_at is None:
        return Result((stands,))
    return Result((Utter("utter_lead_back_at", {"when": Moment(lead.back_at)}), stands))


def take_place(context: Context) -> Result:
    """Know the commune without asking: from what was said before, or from where a seat is held."""
    held = context.snapshot.appointments
    known = context.slot("commune") or (held[0].session.commune if held else None)
    return Result(slots={"commune": known})


def find_team(context: Context) -> Result:
    """Ask who would answer; ``team_found``: yes or no, ``team``: who."""
    return _find(context, urgent=False)


def find_team_urgent(context: Context) -> Result:
    """The same, for an emergency."""
    return _find(context, urgent=True)


def _find(context: Context, *, urgent: bool) -> Result:
    if not isinstance(context.answer, TeamFound):
        need = context.slot("emergency") if urgent else context.slot("need")
        commune = context.slot("commune")
        return Result((FindTeam(
            commune if commune != "unknown" else None, need or "", context.state.language or "fr",
            context.state.territory, urgent,
        ),))
    team = context.answer.team
    # "I prefer not to say" is an answer to this question only: it is not remembered as a place.
    place = {"commune": None} if context.slot("commune") == "unknown" else {}
    if team is None:
        return Result(slots={**place, "team_found": "no", "doors": list(context.answer.doors)})
    return Result(slots={**place, "team_found": "yes", "team": {
        "body": team.body, "territory": team.territory, "territory_name": team.territory_name,
        "name": team.name, "reasons": list(team.reasons),
        "back_at": team.back_at.isoformat() if team.back_at else None,
    }})


def say_no_team(context: Context) -> Result:
    """Nobody of ours goes there: the doors open to everybody."""
    doors = context.state.slots.get("doors")
    keys = [str(key) for key in doors] if isinstance(doors, list) else []
    return Result((Utter("utter_no_team", {"doors": Bullets(tuple(Text(key) for key in keys))}),))


def found_team(context: Context) -> Team | None:
    """The team in the slot."""
    value = context.state.slots.get("team")
    if not isinstance(value, dict):
        return None
    reasons = value["reasons"]
    return Team(
        str(value["body"]), str(value["territory"]), str(value["territory_name"]), str(value["name"]),
        tuple(str(reason) for reason in reasons) if isinstance(reasons, list) else (),
        datetime.fromisoformat(str(value["back_at"])) if value.get("back_at") else None,
    )


def passed_on(context: Context, *, urgent: bool) -> Mapping[str, str]:
    """Exactly what would be passed on: nothing else of the conversation goes with it."""
    commune = context.world.geography.by_insee(context.slot("commune") or "")
    items = {
        "emergency": context.slot("emergency") if urgent else None,
        "need": None if urgent else context.slot("need"),
        "commune": commune.name if commune else None,
        "name": None if context.slot("alias") in (None, "unsaid") or urgent else context.slot("alias"),
        "language": context.state.language or "fr",
        "wish": None if urgent else _of_whom(context.slot("wish"), context.slot("whom")),
    }
    return {key: value[:LONGEST_ITEM] for key, value in items.items() if value}


def _of_whom(*wishes: str | None) -> str | None:
    """What was wished of the person they will talk with (slots.yml, ``wish``): woman or not_woman."""
    each = (one for wish in wishes if wish for one in wish.split("+"))
    return next((one for one in each if one in {"woman", "not_woman"}), None)


def ask_consent_handoff(context: Context) -> Result:
    """Show word for word what would be passed on, to whom, and ask."""
    team = found_team(context)
    return Result((Utter("utter_ask_consent_handoff", {
        "team": Text(f"body/{team.territory}/{team.body}") if team else "",
        "territory": Text(f"territory/{team.territory}") if team else "",
        "items": item_bullets(passed_on(context, urgent=False), context.world.catalog),
    }),))


def open_lead(context: Context) -> Result:
    """Record the consent and open the lead; then say who has it."""
    return _open(context, urgent=False)


def open_lead_urgent(context: Context) -> Result:
    """The same for an emergency: the press of « prévenir » is the consent, what is passed on was said above it."""
    return _open(context, urgent=True)


def _open(context: Context, *, urgent: bool) -> Result:
    team, lead, opened = found_team(context), context.snapshot.lead, context.answer
    if team is None:
        return Result()
    if isinstance(opened, LeadOpened):
        key = "utter_alerted" if urgent else "utter_lead_joined" if opened.joined else "utter_lead_opened"
        said = Utter(key, {
            "team": Text(f"body/{opened.territory}/{opened.body}"),
            "territory": Text(f"territory/{opened.territory}"),
        })
        # Who has taken it talks from here on: the person's next words are for them.
        taken = lead is not None and lead.state == "taken"
        talks = replace(context.state, mode="human", heard_at=context.now) if taken else None
        if team.back_at is None or team.back_at <= context.now:
            return Result((said,), state=talks)
        return Result((Utter("utter_lead_away", {"when": Moment(team.back_at)}), said), state=talks)
    if lead is not None and lead.state == "taken" and (lead.territory, lead.team) != (team.territory, team.body):
        # Somebody of another team took it while the person answered: nothing goes to whom they did not agree to.
        return say_lead(context)
    version = CONSENT_VERSIONS["alert" if urgent else "handoff"]
    items = passed_on(context, urgent=urgent)
    consents = {**context.state.consents, "handoff": version}
    return Result(
        (
            RecordConsent("handoff", version, granted=True, body=_whom(team), items=tuple(items)),
            OpenLead(
                team.body, team.territory, team.reasons, items, context.slot("emergency") if urgent else None,
            ),
        ),
        state=replace(context.state, consents=consents),
    )


def note_alias(context: Context) -> Result:
    """The person is called otherwise from now on; a team that has their request is told."""
    alias, lead = context.slot("alias"), context.snapshot.lead
    named = alias is not None and alias != "unsaid"
    # A team that has a name on its list of the day is given the new one; no other is.
    again = (ShareAlias(None, alias),) if alias is not None and named and context.snapshot.appointments else ()
    if lead is not None and lead.state != "unowned" and named:  # else no team has it: nobody to be told
        told = TellTeam(lead.id, Text("utter_team_alias", {"name": Quoted(alias or "")}))
        return Result((*again, told, Utter("utter_alias_told", {"name": Quoted(alias or "")})))
    if len(context.state.stack) > 1:
        return Result(again)  # the question below is asked again, with the new name in it
    said = Utter("utter_alias_noted", {"name": Quoted(alias or "")}) if named else Utter("utter_deny")
    return Result((*again, said))


def _whom(team: Team) -> str:
    return f"{team.territory}/{team.body}"


def refuse_handoff(context: Context) -> Result:
    """Record the no, and say what is still possible."""
    team = found_team(context)
    deed = RecordConsent(
        "handoff", CONSENT_VERSIONS["handoff"], granted=False, body=_whom(team) if team else None,
        items=tuple(passed_on(context, urgent=False)))
    return Result((deed, Utter("utter_handoff_refused")))


def pass_on(context: Context) -> Result:
    """Give this team the request, with the consent. A press too late is said as such, to both sides."""
    if isinstance(context.answer, LeadPassed):
        team = context.answer.team
        if team is None:
            late = TellTeam(context.answer.lead_id, Text("utter_team_pass_late"))
            return Result((late, Utter("utter_choice_over")))
        said = Utter("utter_lead_passed", {"team": Text(f"body/{team.territory}/{team.body}")})
        away = () if team.back_at is None else (Utter("utter_lead_back_at", {"when": Moment(team.back_at)}),)
        return Result((said, *away), state=replace(context.state, mode="bot"))
    territory, _, body = (context.slot("pass_to") or "").partition("/")
    lead = context.snapshot.lead
    if lead is None or lead.territory != territory or lead.team == body:
        return Result((Utter("utter_choice_over"),))
    return Result((PassLead(body, territory, CONSENT_VERSIONS["handoff"], context.slot("pass_shown") or ""),))


def refuse_pass(context: Context) -> Result:
    """Record the no, and tell the team that asked: the request stays where it is."""
    lead, to = context.snapshot.lead, context.slot("pass_to") or ""
    if lead is None or (lead.territory, lead.team) == tuple(to.partition("/")[::2]):
        return Result((Utter("utter_choice_over"),))  # it has it already: « nothing left » would not be true
    deed = RecordConsent("handoff", CONSENT_VERSIONS["handoff"], granted=False, body=to)
    return Result((deed, TellTeam(lead.id, Text("utter_team_pass_refused")), Utter("utter_pass_on_refused")))


def agree_liaison(context: Context) -> Result:
    """Record the yes to a sheet, and tell the team that it can be printed."""
    return _answer_liaison(context, agreed=True)


def refuse_liaison(context: Context) -> Result:
    """Record the no."""
    return _answer_liaison(context, agreed=False)


def _answer_liaison(context: Context, *, agreed: bool) -> Result:
    lead, liaison = context.snapshot.lead, context.slot("liaison")
    if lead is None or liaison is None:
        return Result((Utter("utter_choice_over"),))
    if not isinstance(context.answer, LiaisonAnswered):
        return Result((AnswerLiaison(liaison, CONSENT_VERSIONS["liaison"], agreed),))
    if not context.answer.done:
        return Result((Utter("utter_choice_over"),))
    if context.answer.given_to is not None:
        recall = Text("utter_team_liaison_recalled", {"door": Quoted(context.answer.given_to)})
        return Result((TellTeam(lead.id, recall), Utter("utter_liaison_recalled")))
    word = "agreed" if agreed else "refused"
    return Result((TellTeam(lead.id, Text(f"utter_team_liaison_{word}")), Utter(f"utter_liaison_{word}")))


def ask_confirm_withdraw(context: Context) -> Result:
    """Really take the request back, from whom?"""
    lead = context.snapshot.lead
    team: Text | str = Text(f"body/{context.snapshot.given}") if context.snapshot.given else ""
    if lead is not None:
        team = Text("label/team_alone") if lead.state == "unowned" else Text(f"body/{lead.territory}/{lead.team}")
    return Result((Utter("utter_ask_confirm_withdraw", {"team": team}),))


def withdraw_lead(context: Context) -> Result:
    """Take it back: the consent is withdrawn, the bot talks again."""
    if context.snapshot.lead is None and context.snapshot.given is None:
        return Result((Utter("utter_no_lead"),))
    consents = {kind: version for kind, version in context.state.consents.items() if kind != "handoff"}
    return Result(
        (WithdrawLeads(), Utter("utter_lead_withdrawn")),
        state=replace(context.state, consents=consents, mode="bot"),
    )


ACTIONS: Mapping[str, Action] = {
    "action_check_given": check_given,
    "action_say_lead": say_lead,
    "action_take_place": take_place,
    "action_say_no_team": say_no_team,
    "action_find_team": find_team,
    "action_find_team_urgent": find_team_urgent,
    "action_ask_consent_handoff": ask_consent_handoff,
    "action_note_alias": note_alias,
    "action_open_lead": open_lead,
    "action_open_lead_urgent": open_lead_urgent,
    "action_refuse_handoff": refuse_handoff,
    "action_pass_on": pass_on,
    "action_refuse_pass": refuse_pass,
    "action_agree_liaison": agree_liaison,
    "action_refuse_liaison": refuse_liaison,
    "action_ask_confirm_withdraw": ask_confirm_withdraw,
    "action_withdraw_lead": withdraw_lead,
}
