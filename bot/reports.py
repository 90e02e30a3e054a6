"""What a funder and a consortium are given: counts that name nobody, and leads without the person."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from bot.calendar.tables import workbook
from bot.store.lead_facts import LeadFact
from handoff.directory import Directory
from handoff.leads import OUTCOMES
from handoff.routing import Asked, publics_of

# A count below this could be somebody: it is not shown, and neither is the next one if a total would give it away.
SMALLEST = 5
HIDDEN = f"<{SMALLEST}"
UNKNOWN = "non renseigné"
STAGES = {"new": "pas encore contactée", "contacted": "contactée", "met": "rencontrée",
          "enrolled": "entrée dans le programme"}

Line = tuple[str, str, str]


def report(facts: Iterable[LeadFact], directory: Directory) -> tuple[Line, ...]:
    """Lines (dimension, value, count), the largest first in each dimension; small counts hidden."""
    leads = tuple(facts)
    names = {one.id: one.name for one in directory.consortia}
    dimensions: tuple[tuple[str, Callable[[LeadFact], Iterable[str]]], ...] = (
        ("territoire", lambda lead: (names.get(lead.territory, lead.territory),)),
        ("équipe", lambda lead: (_body(directory, lead),)),
        ("public", _publics),
        ("origine", lambda lead: (lead.origin or "sans lien",)),
        ("langue", lambda lead: (lead.items.get("language", UNKNOWN),)),
        ("étape", lambda lead: (STAGES.get(lead.stage, lead.stage),)),
        ("résultat", lambda lead: (_outcome(lead),)),
    )
    lines: list[Line] = [("total", "demandes", shown({"demandes": len(leads)})["demandes"])]
    for name, of in dimensions:
        counts = Counter(value for lead in leads for value in of(lead))
        cells = shown(counts)
        ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
        lines += [(name, value, cells[value]) for value, _ in ordered]
    return tuple(lines)


def shown(counts: Mapping[str, int]) -> dict[str, str]:
    """The cells as they may be shown: a count under five hidden, and a second one so that no sum reveals it."""
    hidden = {value for value, count in counts.items() if 0 < count < SMALLEST}
    if len(hidden) == 1 and len(counts) > 1:
        others = sorted((count, value) for value, count in counts.items() if value not in hidden and count)
        hidden |= {value for _, value in others[:1]}
    return {
        value: (HIDDEN if counts[value] < SMALLEST else "masqué") if value in hidden else str(count)
        for value, count in counts.items()
    }


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
            "etape": lead.stage,
            "resultat": lead.outcome,
            "origine": lead.origin,
            "date_creation": lead.opened_at.isoformat(),
            "date_maj": lead.changed_at.isoformat(),
        } for lead in facts],
    }, ensure_ascii=False, indent=2)


def _need(lead: LeadFact) -> str:
    return lead.items.get("emergency") or lead.items.get("need", "")


def _publics(lead: LeadFact) -> Iterable[str]:
    return sorted(publics_of(Asked(need=_need(lead)))) or (UNKNOWN,)


def _outcome(lead: LeadFact) -> str:
    if lead.outcome is not None:
        return OUTCOMES.get(lead.outcome, lead.outcome)
    return {"closed": UNKNOWN, "withdrawn": "retirée par la personne"}.get(lead.state, "en cours")


def _body(directory: Directory, lead: LeadFact) -> str:
    consortium = directory.consortium(lead.territory)
    bodies = {body.id: body.name for body in consortium.bodies} if consortium is not None else {}
    return bodies.get(lead.body, lead.body)
