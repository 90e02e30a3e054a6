"""What a funder and a consortium are given: counts that name nobody, and leads without the person."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from bot.calendar.tables import workbook
from bot.small_counts import HIDDEN, MASKED, SMALLEST, shown
from bot.store.lead_facts import LeadFact
from handoff.directory import Directory
from handoff.leads import OUTCOMES
from handoff.routing import Asked, publics_of

UNKNOWN = "non renseigné"
STAGES = {"new": "pas encore contactée", "contacted": "contactée", "met": "rencontrée",
          "enrolled": "entrée dans le programme"}

# In place of values that may not be shown even by their names.
ALL = "toutes les valeurs"

Line = tuple[str, str, str]


def report(facts: Iterable[LeadFact], directory: Directory) -> tuple[Line, ...]:
    """Lines (dimension, value, count), the largest first in each dimension; small counts hidden.

    Teams are hidden within their territory, whose count they add up to.
    """
    leads = tuple(facts)
    dimensions: tuple[tuple[str, Callable[[LeadFact], Iterable[str]]], ...] = (
        ("public", _publics),
        ("origine", lambda lead: (lead.origin or "sans lien",)),
        ("langue", lambda lead: (lead.items.get("language", UNKNOWN),)),
        ("étape", lambda lead: (STAGES.get(_stage(lead), lead.stage),)),
        ("résultat", lambda lead: (_outcome(lead),)),
    )
    known = len(leads) >= SMALLEST or not leads
    lines: list[Line] = [("total", "demandes", str(len(leads)) if known else HIDDEN)]
    territories = Counter(_territory(directory, lead) for lead in leads)
    cells = shown(territories, total_shown=known)
    lines += _lines("territoire", territories, cells)
    for territory, count in _ordered(territories):
        teams = Counter(_body(directory, lead) for lead in leads if _territory(directory, lead) == territory)
        # What is hidden has no teams either: their sum, or how many they are, would say how many it is.
        inside = shown(teams) if cells is not None and cells[territory] == str(count) else None
        lines += _lines("équipe", teams, inside, territory)
    for name, of in dimensions:
        counts = Counter(value for lead in leads for value in of(lead))
        lines += _lines(name, counts, shown(counts, total_shown=known))
    return tuple(lines)


def _lines(name: str, counts: Mapping[str, int], cells: Mapping[str, str] | None, of: str = "") -> list[Line]:
    """The cells, or one line that says they are hidden. ``of``: what they are parts of."""
    if cells is None:
        return [(name, f"{ALL} ({of})" if of else ALL, MASKED)]
    return [(name, f"{value} ({of})" if of else value, cells[value]) for value, _ in _ordered(counts)]


def _ordered(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """The largest first; those that are hidden in the order of their names, which says nothing."""
    return sorted(counts.items(), key=lambda one: (-one[1] if one[1] >= SMALLEST else 0, one[0]))


def as_csv(lines: Iterable[Line]) -> str:
    """The report as CSV with a header, semicolons between cells as French spreadsheets expect."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(("dimension", "valeur", "nombre"))
    writer.writerows(lines)
    return out.getvalue()


def as_xlsx(lines: Iterable[Line]) -> bytes:
    """The report as a spreadsheet; counts are numbers."""
    cells = [("dimension", "valeur", "nombre")]
    return workbook("Bilan", [*cells, *((name, value, int(count) if count.isdigit() else count)
                                        for name, value, count in lines)])


def as_json(facts: Iterable[LeadFact], directory: Directory, now: datetime) -> str:
    """Leads without the person, with data.inclusion's names where it has one (structure, publics, commune)."""
    return json.dumps({
        "date_export": now.isoformat(),
        "demandes": [{
            "reference": lead.ref,
            "structure_id": f"{lead.territory}:{lead.body}",
            "structure_nom": _body(directory, lead),
            "commune": lead.items.get("commune"),
            "publics": sorted(publics_of(Asked(need=_need(lead)))),
            "langue": lead.items.get("language"),
            "urgence": lead.urgent,
            "etat": lead.state,
            "etape": _stage(lead),
            "resultat": lead.outcome,
            "origine": lead.origin,
            "date_creation": lead.opened_at.isoformat(),
            "date_maj": lead.changed_at.isoformat(),
        } for lead in facts],
    }, ensure_ascii=False, indent=2)


def _stage(lead: LeadFact) -> str:
    """How far it came: what was said at its end counts, for nobody says it twice."""
    return "enrolled" if lead.outcome == "enrolled" else lead.stage


def _need(lead: LeadFact) -> str:
    return lead.items.get("emergency") or lead.items.get("need", "")


def _publics(lead: LeadFact) -> Iterable[str]:
    return sorted(publics_of(Asked(need=_need(lead)))) or (UNKNOWN,)


def _outcome(lead: LeadFact) -> str:
    if lead.outcome is not None:
        return OUTCOMES.get(lead.outcome, lead.outcome)
    return {"closed": UNKNOWN, "withdrawn": "retirée par la personne"}.get(lead.state, "en cours")


def _territory(directory: Directory, lead: LeadFact) -> str:
    consortium = directory.consortium(lead.territory)
    return consortium.name if consortium is not None else lead.territory


def _body(directory: Directory, lead: LeadFact) -> str:
    consortium = directory.consortium(lead.territory)
    bodies = {body.id: body.name for body in consortium.bodies} if consortium is not None else {}
    return bodies.get(lead.body, lead.body)
