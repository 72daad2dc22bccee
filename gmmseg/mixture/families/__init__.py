"""The covariance families: what a component's covariance may look like, one small file each.

A family knows five things: the shape and number of its parameters, the factor through which densities are computed,
the estimate from scatter, the log-density of its conjugate prior, and how to keep clear of zero. Everything else in
the engine is the same for all four.
"""

from __future__ import annotations

from gmmseg.errors import InputError
from gmmseg.mixture.families.diag import Diag
from gmmseg.mixture.families.family import Family
from gmmseg.mixture.families.full import Full
from gmmseg.mixture.families.spherical import Spherical
from gmmseg.mixture.families.tied import Tied

__all__ = ["FAMILIES", "Family", "family_named"]

FAMILIES: dict[str, Family] = {family.name: family for family in (Full(), Diag(), Tied(), Spherical())}


def family_named(name: str) -> Family:
    """The family called `name`, or an error that lists the names."""
    if not isinstance(name, str) or name not in FAMILIES:
        raise InputError(f"expected a covariance among {', '.join(FAMILIES)}; got {name!r}")
    return FAMILIES[name]
