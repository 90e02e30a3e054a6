"""``./premierpas route``: who would answer somebody, in which order, and why. Nothing is written."""

import re
import sys
from typing import Annotated

import typer

from bot.app import ROOT, read_directory, read_referrals
from bot.geography import Map
from handoff.directory import PUBLICS, STEPS
from handoff.referrals import doors
from handoff.routing import FIRST, Asked, Now, publics_of, queue, route
from nlu.communes import Gazetteer

_LANGUAGE = re.compile(r"[a-z]{2,3}")


def show_route(
    commune: Annotated[str | None, typer.Option(help="INSEE code, postcode or name")] = None,
    territory: Annotated[str | None, typer.Option(help="the consortium whose link they came by")] = None,
    age: Annotated[int | None, typer.Option(min=0, max=120, help="in years")] = None,
    lang: Annotated[str, typer.Option("--lang", help="their language, two letters")] = "fr",
    public: Annotated[list[str] | None, typer.Option(help="data.inclusion's name; several are possible")] = None,
    step: Annotated[str, typer.Option(help=", ".join(STEPS))] = FIRST,
    need: Annotated[str, typer.Option(help="what it is about: papers, work, rights_youth…")] = "",
    refused: Annotated[list[str] | None, typer.Option(help="a body that said no")] = None,
    full: Annotated[list[str] | None, typer.Option(help="a body that has no room left")] = None,
    urgent: Annotated[bool, typer.Option("--urgent", help="an emergency")] = False,
) -> None:
    """Print the body, the queue and the reasons for a person; public doors when nobody covers the place."""
    if step not in STEPS:
        raise typer.BadParameter(f"« {step} » is not a step; known: {', '.join(STEPS)}", param_hint="--step")
    unknown = sorted(set(public or ()) - PUBLICS)
    if unknown:
        known = ", ".join(sorted(PUBLICS))
        raise typer.BadParameter(f"« {unknown[0]} » is not a public; known: {known}", param_hint="--public")
    if not _LANGUAGE.fullmatch(lang := lang.strip().lower()):
        raise typer.BadParameter(f"« {lang} » is not a language in two letters (fr, ar…)", param_hint="--lang")
    directory, geography = read_directory(ROOT), Map(Gazetteer())
    _known("--territory", [territory] if territory is not None else [], {one.id for one in directory.consortia})
    bodies = {body.id for one in directory.consortia for body in one.bodies}
    _known("--refused", refused or [], bodies)
    _known("--full", full or [], bodies)
    insee = _insee(geography, commune.strip()) if commune is not None else None
    asked = Asked(insee, territory, need, lang, urgent, step, age, frozenset(public or ()))
    now = Now(full=frozenset(full or ()))
    found = queue(directory, geography, asked, now)
    team = route(
        directory, geography, commune=insee, territory=territory, need=need, language=lang, urgent=urgent,
        refused=frozenset(refused or ()), step=asked.step, age=age, publics=asked.publics, now=now,
    )
    if found is None or team is None:
        sys.stdout.write("body: none\n")
        if found is not None:
            sys.stdout.write("why: every body of the consortium refused\n")
    else:
        sys.stdout.write(f"body: {team.territory}/{team.body}\n")
        sys.stdout.write(f"queue: {', '.join(body.id for body in found.bodies)}\n")
        sys.stdout.write(f"because: {'; '.join(team.reasons)}\n")
        sys.stdout.write(f"the person is told: {team.name}, {team.territory_name}\n")
        return
    for door in doors(read_referrals(ROOT), need, age, publics_of(asked)):
        where = " ".join(part for part in (door.phone, door.url) if part)
        sys.stdout.write(f"door: {door.name}{f' ({where})' if where else ''}\n")


def _known(option: str, given: list[str], known: set[str]) -> None:
    """Raises typer.BadParameter for the first that is not known: a slip of the finger must not look like a no."""
    for one in given:
        if one not in known:
            raise typer.BadParameter(f"« {one} » is not one of {', '.join(sorted(known))}", param_hint=option)


def _insee(geography: Map, commune: str) -> str:
    """The INSEE code of what was typed. Raises typer.BadParameter when no commune of France is meant."""
    found = geography.by_insee(commune.upper()) or geography.named(commune)
    if found is None:
        raise typer.BadParameter(f"« {commune} » is no commune of France", param_hint="--commune")
    return found.insee
