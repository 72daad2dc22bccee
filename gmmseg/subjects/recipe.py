"""The few numbers that cutting out depends on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """Numbers tuned on photos with people's regions; see `scripts/bench cutout --ablation`.

    Attributes
    ----------
    margin : float
        So much of the box's sides is looked at around it.
    sizes : tuple of int
        Of the mixtures that vote: Gaussians of the subject, and as many of the ground.
    rounds : int
        Of fitting both mixtures and finding the odds.
    looks : float
        So many independent looks at colour and place are what all pixels of the box are worth, whatever their number.
    place : float
        What place weighs beside colour.
    most : float
        More than so many nats of colour count as so many.
    inside, sides, reach : float
        Odds by place: inside − sides · Σ exp(−d / reach) over sides of the box, d being the share of the box's width or
        height between pixel and side. Sides on the picture's rim say nothing.
    near : float
        Ground outside of the box counts by exp(−distance / (near · √area)).
    marks : float
        Pixels that a marked one counts for among the colours of its side.
    borders : float
        How fast labels change across borders of the tree.
    firm, own, pull : float
        A pixel hears up to so much of its crumb's log-odds, so much of its own colour, and neighbours of its colour.
    island, hole : float
        Smaller pieces are turned: of the subject, as shares of the largest; of the ground, of all that may be subject.
    soft : float
        Strength of the guided filter by which alpha follows the picture.
    """

    margin: float = 0.3
    sizes: tuple[int, ...] = (1, 2, 4, 8)
    rounds: int = 3
    looks: float = 120.0
    place: float = 0.7
    most: float = 5.6
    inside: float = 1.5
    sides: float = 2.4
    reach: float = 0.15
    near: float = 0.3
    marks: float = 10.0
    borders: float = 5.0
    firm: float = 3.0
    own: float = 1.0
    pull: float = 4.0
    island: float = 0.03
    hole: float = 0.01
    soft: float = 0.6
