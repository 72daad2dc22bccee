"""The kinds of output of clustered patches: all that a segmentation has, and their own."""

from __future__ import annotations

from gmmseg.outputs import kinds
from gmmseg.outputs.kinds import Catalogue, Kind

OWN: dict[str, Kind] = {
    "side-by-side": Kind("the photo beside its clusters; beside those of every k, of several", "patches", (".png",)),
    "dictionary": Kind("the mean and the principal patches of each cluster", "dictionary", (".png",)),
    "restored": Kind("the photo without its noise and with its gaps filled", "restored", (".png", ".tif")),
}
CATALOGUE = Catalogue({**OWN, **kinds.TABLE}, ("labels", "side-by-side", "dictionary"))
TABLE, USUAL = CATALOGUE.table, CATALOGUE.usual
KINDS: dict[str, str] = {name: kind.about for name, kind in TABLE.items()}
