from __future__ import annotations
from gmmseg.patchwork.restoring.posterior import first_estimate
from gmmseg.patchwork.restoring.refining import refined
from gmmseg.patchwork.restoring.scales import fused, halved
def restored_planes(planes, noise, size, seed, crew):
    small, factor = halved(planes)
    pilot = first_estimate(planes, noise, size, seed, crew)
    coarse = first_estimate(small, noise * factor, size, seed, crew)
    for _ in range(2): coarse = refined(small, coarse, noise * factor, size, crew)
    pilot = fused(pilot, coarse)
    once = refined(planes, pilot, noise, size, crew)
    twice = refined(planes, once, noise, size, crew)
    return pilot, once, twice
