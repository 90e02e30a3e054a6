"""The sheet that passes a person on to a service outside, as a PDF of one page. The one door to fpdf2."""

from dataclasses import dataclass
from datetime import datetime

from anyascii import anyascii
from fpdf import FPDF
from fpdf.enums import XPos, YPos

_WIDE, _LINE = 180, 6.5  # millimetres
_ANSWERS = (
    "Rendez-vous proposé le : ______ / ______ / ____________   à ______ h ______",
    "La personne est suivie par (prénom, téléphone) : ______________________________",
    "Sans suite, parce que : ____________________________________________________",
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is on it. ``items``: lines the person agreed to, as they read them; ``door``: who receives it."""

    ref: str
    door: str
    team: str
    territory: str
    counsellor: str
    items: tuple[str, ...]
    agreed_on: str
    printed_on: str
    made_at: datetime


def pdf(sheet: Sheet) -> bytes:
    """One page of A4, in French, nothing on it but what is in ``sheet``."""
    page = FPDF(format="A4")
    page.set_creation_date(sheet.made_at)
    page.set_title(f"Fiche de liaison {sheet.ref}")
    page.set_lang("fr")
    page.set_margins(15, 15)
    page.set_auto_page_break(True, 12)
    page.add_page()
    _say(page, "Fiche de liaison", size=20, bold=True)
    _say(page, f"Demande {sheet.ref}, imprimée le {sheet.printed_on}", size=10)
    _gap(page)
    _pair(page, "De", f"{sheet.counsellor}, {sheet.team} ({sheet.territory})")
    _pair(page, "À", sheet.door)
    _gap(page)
    _say(page, "Ce que la personne a accepté de transmettre, mot pour mot", size=13, bold=True)
    for item in sheet.items:
        _say(page, f"- {item}", size=12)
    _gap(page)
    _say(page, "Son accord", size=13, bold=True)
    _say(page, f"La personne a donné son accord le {sheet.agreed_on}, par écrit, pour ce service et pour ces "
               "informations seulement. Elle peut le retirer à tout moment. Dans ce cas, nous vous prévenons : "
               "détruisez alors cette fiche.", size=11)
    _gap(page)
    _say(page, "Réponse du service", size=13, bold=True)
    for answer in _ANSWERS:
        _say(page, f"[  ]  {answer}", size=11)
        page.ln(2)
    _say(page, "Merci de rendre cette partie à l'équipe qui a fait la fiche. Premier Pas est une machine : "
               "c'est l'équipe qui a préparé cette fiche avec la personne.", size=9)
    return bytes(page.output())


def _pair(page: FPDF, name: str, value: str) -> None:
    page.set_font("Helvetica", "B", 12)
    page.cell(15, _LINE, _latin(name))
    page.set_font("Helvetica", "", 12)
    page.multi_cell(_WIDE - 15, _LINE, _latin(value), new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _say(page: FPDF, words: str, *, size: int, bold: bool = False) -> None:
    page.set_font("Helvetica", "B" if bold else "", size)
    page.multi_cell(_WIDE, _LINE, _latin(words), new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _gap(page: FPDF) -> None:
    page.ln(4)


def _latin(words: str) -> str:
    """What the fonts inside every PDF reader can show: a name in another script is spelt in Latin letters."""
    return "".join(letter if _shown(letter) else anyascii(letter) for letter in words)


def _shown(letter: str) -> bool:
    try:
        letter.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True
