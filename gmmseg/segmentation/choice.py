"""How many components a picture's colours call for.

BIC asks for the density of the colours to be described ever better as pixels grow in number, and a photo has millions:
it would take as many components as it is allowed. Two things are wrong with it here. Pixels repeat their neighbours, so
a photo says far less than its number of pixels; and a segment is wanted to be told apart, not just to help describe.
So the rule is ICL (Biernacki, Celeux and Govaert 2000), which is BIC and the price of the doubt about which component
each row belongs to, on pixels that together count as no more than 4096 independent ones.
"""

from __future__ import annotations

from dataclasses import dataclass

from gmmseg.arrays import Doubles, Floats
from gmmseg.mixture import Selection, select

MOST = 12  # components that are tried
_FEW = 32  # dimensions up to which all are; of more, the first that is no better is the last, as each takes seconds
_WORTH = 4096  # independent pixels that a picture is taken to be worth


@dataclass(frozen=True)
class Choice:
    """One number of components that was tried.

    Attributes
    ----------
    k : int
    score : float
        ICL; smaller is better.
    log_likelihood : float
        A pixel, in nats.
    """

    k: int
    score: float
    log_likelihood: float


def chosen_k(
    rows: Floats, weights: Doubles, resolution: Doubles, covariance: str, seed: int
) -> tuple[int, tuple[Choice, ...]]:
    """The number of components for weighted rows : (n, d), and all that were tried.

    Two at least where there are two different rows: who asks for segments wants to see some.
    """
    worth = min(_WORTH, weights.sum())
    tried: Selection = select(
        rows,
        range(1, MOST + 1),
        criterion="icl",
        covariance=covariance,
        weights=weights * (worth / weights.sum()),
        start="path",
        resolution=resolution,
        seed=seed,
        patience=None if rows.shape[1] <= _FEW else 1,
    )
    curve = tuple(Choice(c.k, c.score, c.fit.log_likelihood / worth) for c in tried.candidates)
    segments = [c for c in curve if c.k > 1] or list(curve)
    return min(segments, key=lambda c: c.score).k, curve
