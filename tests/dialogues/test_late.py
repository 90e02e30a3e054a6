"""What a content file may say of its end: refused with its place when it would leave somebody without a door."""

import pytest

from dialogues.actions import ACTIONS
from dialogues.errors import CatalogError
from dialogues.loading import load
from tests.dialogues.rig import ROOT

ENERGY, TRANSPORT = "rights/rights_energy.yml", "rights/rights_transport.yml"


@pytest.mark.parametrize(("file", "now", "then", "said"), [
    (ENERGY, "late: [conditions/3, where]", "late: [conditions/9]", "is no part of"),
    (ENERGY, "late: [conditions/3, where]", "late: []", "would give no door"),
    (ENERGY, "Gardez la preuve.", "Avant le {energy_claim_until}.", "names a figure that ends"),
    (TRANSPORT, "of: conditions/1", "of: conditions/9", "is not a line"),
])
def test_an_end_that_gives_no_door_is_refused(file: str, now: str, then: str, said: str) -> None:
    folder = ROOT / "dialogues"
    files = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.yml")}
    files[file] = files[file].replace(now, then)
    with pytest.raises(CatalogError, match=said):
        load(files, frozenset(ACTIONS))
