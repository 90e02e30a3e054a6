"""Who should answer this person, and why, in words for the counsellor. Pure: same question, same answer."""

from collections.abc import Mapping
from dataclasses import dataclass

from dialogues.snapshot import Geography, Team
from handoff.directory import Body, Consortium, Directory, Step

# The step somebody is at when they first write.
FIRST: Step = "reperer"
# Ages of the Missions locales (16 to 25), and from which public services speak of seniors.
YOUNG, SENIOR = (16, 25), 60

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
    "actifs": "actifs",
    "etudiants": "études",
    "femmes": "femmes",
    "residents-qpv-frr": "quartier prioritaire",
}
_LANGUAGE_NAMES: Mapping[str, str] = {
    "fr": "français", "en": "anglais", "ar": "arabe", "es": "espagnol", "pt": "portugais", "ro": "roumain",
    "tr": "turc", "ru": "russe", "uk": "ukrainien", "fa": "persan", "ps": "pachto", "ti": "tigrinya",
    "sq": "albanais", "hy": "arménien",
}
_STEP_NAMES: Mapping[Step, str] = {
    "reperer": "repérer", "remobiliser": "remobiliser", "accompagner": "accompagner", "coordonner": "coordonner",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, as far as they said.

    ``commune``: INSEE code; ``territory``: the consortium whose link or permanence they came by, used only when the
    commune is unknown; ``step``: of the programme; ``publics``: data.inclusion's names.
    """

    commune: str | None = None
    territory: str | None = None
    need: str = ""
    language: str = "fr"
    urgent: bool = False
    step: Step = FIRST
    age: int | None = None
    publics: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Now:
    """How the bodies of one consortium are just now, by id: those with no room left, those that are open.

    ``open`` None: nobody asked; hours then change nothing.
    """

    full: frozenset[str] = frozenset()
    open: frozenset[str] | None = None


_ANY_TIME = Now()


@dataclass(frozen=True, slots=True)
class Queue:
    """Who is asked, first to last, in which consortium, and why that one."""

    consortium: Consortium
    bodies: tuple[Body, ...]
    where: str


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
    step: Step = FIRST,
    age: int | None = None,
    publics: frozenset[str] = frozenset(),
    now: Now = _ANY_TIME,
) -> Team | None:
    """The team to ask next, None outside all territories or when every body refused.

    See Asked for the arguments. ``refused``: ids of bodies of that consortium that said no.
    """
    asked = Asked(commune, territory, need, language, urgent, step, age, publics)
    found = queue(directory, geography, asked, now)
    if found is None:
        return None
    left = [body for body in found.bodies if body.id not in refused]
    if not left:
        return None
    return Team(
        body=left[0].id,
        territory=found.consortium.id,
        territory_name=found.consortium.territory,
        name=left[0].public_name,
        reasons=(found.where, *_reasons(found.consortium, left[0], asked, now, refused)),
    )


def queue(directory: Directory, geography: Geography, asked: Asked, now: Now = _ANY_TIME) -> Queue | None:
    """Everybody who may be asked for this person, None outside all territories."""
    place = geography.by_insee(asked.commune) if asked.commune else None
    if asked.commune is not None and (place is not None or _listed(directory, asked.commune)):
        consortium = _consortium_of(directory, geography, asked.commune)
        where = f"commune : {place.name if place else asked.commune}"
    else:
        consortium = directory.consortium(asked.territory) if asked.territory else None
        where = f"territoire : {consortium.territory} (par le lien ou la permanence)" if consortium else ""
    if consortium is None:
        return None
    return Queue(consortium, order(consortium, asked, now), where)


def order(consortium: Consortium, asked: Asked, now: Now = _ANY_TIME) -> tuple[Body, ...]:
    """The bodies a lead is offered to, first to last. A partner without a step gets none.

    Those with room first. Then those that cover the step, for first contact the lead body last (unless it alone
    does it: somebody must). Then those of the commune, those open when it is urgent, the public, the language, the
    order of the file.
    """
    able = [body for body in consortium.bodies if body.steps]
    only_lead = not any(asked.step in body.steps and body.role != "lead" for body in able)

    def rank(body: Body) -> tuple[bool, int, bool, bool, int, int]:
        if asked.step in body.steps and (body.role != "lead" or only_lead or asked.step != FIRST):
            stage = 0
        else:
            stage = 2 if body.role == "lead" else 1
        elsewhere = bool(body.communes) and asked.commune not in body.communes
        shut = asked.urgent and now.open is not None and body.id not in now.open
        return body.id in now.full, stage, elsewhere, shut, -_fit(body, asked), -(asked.language in body.languages)

    return tuple(sorted(able, key=rank))


def publics_of(asked: Asked) -> frozenset[str]:
    """The publics somebody may be of: what they said, their age, what they ask about."""
    by_need = _PUBLIC_OF_NEED.get(asked.need)
    young = asked.age is not None and YOUNG[0] <= asked.age <= YOUNG[1]
    old = asked.age is not None and asked.age >= SENIOR
    return (
        asked.publics | ({by_need} if by_need else frozenset()) | ({"jeunes"} if young else frozenset())
        | ({"seniors"} if old else frozenset())
    )


def _fit(body: Body, asked: Asked) -> int:
    """2: works with this public; 1: works with everybody; 0: works with others."""
    if publics_of(asked) & body.publics:
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
    consortium: Consortium, body: Body, asked: Asked, now: Now, refused: frozenset[str]
) -> tuple[str, ...]:
    reasons: list[str] = []
    if asked.urgent:
        reasons.append("urgence")
    if asked.step in body.steps:
        reasons.append(f"{'premier contact' if asked.step == FIRST else 'étape'} : {_STEP_NAMES[asked.step]}")
    elif body.role == "lead":
        reasons.append("chef de file du consortium")
    else:
        reasons.append("membre du consortium")
    if asked.age is not None:
        young, old = asked.age <= YOUNG[1], asked.age >= SENIOR
        reasons.append("âge : moins de 26 ans" if young else "âge : 60 ans ou plus" if old else "âge : 26 à 59 ans")
    reasons += [f"public : {_PUBLIC_NAMES[public]}" for public in sorted(publics_of(asked) & body.publics)
                if public in _PUBLIC_NAMES]
    spoken = "" if asked.language in body.languages else " (à prévoir : pas annoncée par l'équipe)"
    reasons.append(f"langue : {_LANGUAGE_NAMES.get(asked.language, asked.language)}{spoken}")
    full = [other.name for other in consortium.bodies if other.id in now.full and other.id != body.id]
    if full:
        reasons.append(f"plus de place chez : {', '.join(full)}")
    before = [other.name for other in consortium.bodies if other.id in refused]
    if before:
        reasons.append(f"déjà proposée à : {', '.join(before)}")
    return tuple(reasons)
