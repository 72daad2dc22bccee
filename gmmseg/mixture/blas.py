"""One BLAS thread at a time.

The crew's threads already fill the machine, and the bits must not depend on BLAS's own. Decompositions of many small
matrices are far worse: where other work keeps the processors busy, BLAS's threads wait for each other at every step
(nineteen of 64 × 64 took 1.5 s so, and 11 ms with one thread).
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Any

FUSED = 8  # dimensions up to which the fused kernel is faster than BLAS, and matrices too small for its threads


def one_thread(d: int) -> AbstractContextManager[Any]:
    """A block in which BLAS works on rows or matrices of d dimensions with the calling thread alone."""
    return nullcontext() if d <= FUSED else _controller().limit(limits=1, user_api="blas")


@cache
def _controller() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
