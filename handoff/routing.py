"""Who should answer this person, and why, in words for the counsellor. Pure: same question, same answer."""

from collections.abc import Mapping

from dialogues.snapshot import Geography, Team
from handoff.directory import Body, Consortium, Directory, Step

# The step somebody is at when they first write.
FIRST: Step = "reperer"

# What somebody asks about says which public they may be; a body that works with them is preferred, nobody refused.
_PUBLIC_OF_NEED: Mapping[str, str] = {
    "papers": "personnes-exilees",
    "work": "demandeurs-emploi",
    "money": "beneficiaires-des-minimas-sociaux",
    "rights_youth": "jeunes",
    "rights_after_prison": "personnes-en-situation-juridique-specifique",
    "rights_criminal_record": "personnes-en-situation-juridique-specifique",
    "rights_asylum": "personnes-exilees",
    "rights_residence_permit": "personnes-exilees",
    "rights_work_permit": "personnes-exilees",
    "rights_undocumented_health": "personnes-exilees",
    "rights_rsa": "beneficiaires-des-minimas-sociaux",
    "rights_unemployment": "demandeurs-emploi",
    "rights_job_search": "demandeurs-emploi",
    "rights_disability": "personnes-en-situation-de-handicap",
    "rights_old_age": "seniors",
    "rights_family_benefits": "familles",
    "rights_childcare": "familles",
    "emergency_shelter": "personnes-en-situation-durgence",
    "emergency_violence": "personnes-en-situation-durgence",
}
_PUBLIC_NAMES: Mapping[str, str] = {
    "jeunes": "jeunes",
    "personnes-en-situation-juridique-specifique": "sortie de prison ou suivi par la justice",
    "personnes-exilees": "personnes exilées",
    "beneficiaires-des-minimas-sociaux": "minima sociaux",
    "demandeurs-emploi": "recherche d'emploi",
    "personnes-en-situation-de-handicap": "handicap",
    "seniors": "seniors",
    "familles": "familles",
    "personnes-en-situation-durgence": "situation d'urgence",
}
_LANGUAGE_NAMES: Mapping[str, str] = {
    "fr": "français", "en": "anglais", "ar": "arabe", "es": "espagnol", "pt": "portugais", "ro": "roumain",
    "tr": "turc", "ru": "russe", "uk": "ukrainien", "fa": "persan", "ps": "pachto", "ti": "tigrinya",
    "sq": "albanais", "hy": "arménien",
}
_STEP_NAMES: Mapping[Step, str] = {
    "reperer": "repérer", "remobiliser": "remobiliser", "accompagner": "accompagner", "coordonner": "coordonner",
}


def route(
    directory: Directory,
    geography: Geography,
    *,
    commune: str | None,
    territory: str | None,
    need: str,
    language: str,
    urgent: bool,
    refused: frozenset[str] = frozenset(),
) -> Team | None:
    """The team to ask next, None outside all territories or when every body refused.

    ``commune``: INSEE code; ``territory``: id of the consortium whose link or permanence they came by, used only
    when the commune is unknown. ``refused``: ids of bodies of that consortium that said no.
    """
    place = geography.by_insee(commune) if commune else None
    name = place.name if place else commune
    if commune is not None and (place is not None or _listed(directory, commune)):
        consortium = _consortium_of(directory, geography, commune)
        where = f"commune : {name}"
    else:
        consortium = directory.consortium(territory) if territory else None
        where = f"territoire : {consortium.territory} (par le lien ou la permanence)" if consortium else ""
    if consortium is None:
        return None
    queue = [body for body in order(consortium, need, language) if body.id not in refused]
    if not queue:
        return None
    body = queue[0]
    return Team(
        body=body.id,
        territory=consortium.id,
        territory_name=consortium.territory,
        name=body.public_name,
        reasons=(where, *_reasons(consortium, body, need, language, urgent, refused)),
    )


def order(consortium: Consortium, need: str, language: str) -> tuple[Body, ...]:
    """The bodies a lead is offered to, first to last. A partner without a step gets none.

    First contact first, the lead body last; then the public, then the language, then the order of the file.
    A lead body that alone does the first contact comes first: somebody must.
    """
    able = [body for body in consortium.bodies if body.steps]
    first_done_by_lead_only = not any(FIRST in body.steps and body.role != "lead" for body in able)

    def rank(body: Body) -> tuple[int, int, int]:
        if FIRST in body.steps and (body.role != "lead" or first_done_by_lead_only):
            stage = 0
        else:
            stage = 2 if body.role == "lead" else 1
        return stage, -_fit(body, need), -(language in body.languages)

    return tuple(sorted(able, key=rank))


def _fit(body: Body, need: str) -> int:
    """2: works with this public; 1: works with everybody; 0: works with others."""
    if _PUBLIC_OF_NEED.get(need) in body.publics:
        return 2
    return 0 if body.publics else 1


def _listed(directory: Directory, commune: str) -> bool:
    return any(commune in consortium.communes for consortium in directory.consortia)


def _consortium_of(directory: Directory, geography: Geography, commune: str) -> Consortium | None:
    """By the list of communes, else by département, else the nearest whose surroundings reach that far."""
    for consortium in directory.consortia:
        if commune in consortium.communes:
            return consortium
    place = geography.by_insee(commune)
    for consortium in directory.consortia:
        if place is not None and place.department in consortium.departments:
            return consortium
    near: list[tuple[float, str, Consortium]] = []
    for consortium in directory.consortia:
        if consortium.around_km is None:
            continue
        distances = [geography.distance_km(commune, centre) for centre in consortium.communes]
        known = [kilometres for kilometres in distances if kilometres is not None]
        if known and min(known) <= consortium.around_km:
            near.append((min(known), consortium.id, consortium))
    return min(near)[2] if near else None


def _reasons(
    consortium: Consortium, body: Body, need: str, language: str, urgent: bool, refused: frozenset[str]
) -> tuple[str, ...]:
    reasons: list[str] = []
    if urgent:
        reasons.append("urgence")
    if FIRST in body.steps:
        reasons.append(f"premier contact : {_STEP_NAMES[FIRST]}")
    elif body.role == "lead":
        reasons.append("chef de file du consortium")
    else:
        reasons.append("membre du consortium")
    public = _PUBLIC_OF_NEED.get(need)
    if public is not None and public in body.publics:
        reasons.append(f"public : {_PUBLIC_NAMES[public]}")
    spoken = "" if language in body.languages else " (à prévoir : pas annoncée par l'équipe)"
    reasons.append(f"langue : {_LANGUAGE_NAMES.get(language, language)}{spoken}")
    before = [other.name for other in consortium.bodies if other.id in refused]
    if before:
        reasons.append(f"déjà proposée à : {', '.join(before)}")
    return tuple(reasons)
