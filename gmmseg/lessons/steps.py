"""Which steps of a long way are kept, and what they are called."""

from __future__ import annotations

_ALL = 20  # steps up to which each is kept
_GROWTH = 1.4  # beyond them, from one that is kept to the next


def is_kept(step: int) -> bool:
    """Whether a step is one of the first twenty, or of a geometric sequence after them."""
    kept = _ALL
    while kept < step:
        kept = max(kept + 1, round(kept * _GROWTH))
    return step <= _ALL or step == kept


def titled(step: int, last: int, *, converged: bool) -> str:
    """What a step is called: "start", "after 2 steps", "converged after 37 steps"."""
    if step == 0 and not (converged and last == 0):
        return "start"
    after = "after 1 step" if step == 1 else f"after {step} steps"
    return f"converged {after}" if converged and step == last else after


def numbered(value: float, decimals: int = 3) -> str:
    """A number with a true minus."""
    return f"{value:.{decimals}f}".replace("-", "−")
