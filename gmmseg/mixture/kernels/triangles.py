"""Responsibilities in many dimensions: rows through triangular factors, sixteen side by side, as far as they matter.

For a row x and a component with anchor μ and inverse Cholesky factor L, ℓ = a − |y|² with y = L (x − μ) + b, in bits
as in the fused kernel. L is lower triangular, so y₁, y₂, … need ever more of x, and each takes its square from ℓ. Where
that has put ℓ out of reach of the best component so far, in all sixteen rows, the rest of y is left out. Rows come in
reading order and neighbours are alike, so the best component of the sixteen rows before is asked first.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from gmmseg.arrays import Floats
from gmmseg.compiled import compiled
from gmmseg.mixture.kernels.lanes import LANES, exp2, log2

# Elements of y that are found at a time: so many sums hide each other's latency, and stay in registers.
_TOGETHER = 8


def packed(offsets: Floats, factors: Floats) -> Floats:
    """Offsets (k, d) and factors (k, d, d) in the order in which they are read : (k, cells).

    For each _TOGETHER elements of y their offsets, and then their factors, one dimension of x after the other.
    """
    k, d = offsets.shape
    steps = -(-d // _TOGETHER)
    columns = np.zeros((k, 1 + d, steps * _TOGETHER), factors.dtype)
    columns[:, 0, :d] = offsets
    columns[:, 1:, :d] = np.swapaxes(factors, 1, 2)
    ends = [min((step + 1) * _TOGETHER, d) for step in range(steps)]
    parts = np.split(columns, steps, axis=2)
    return np.concatenate([part[:, : 1 + end].reshape(k, -1) for part, end in zip(parts, ends, strict=True)], axis=1)


@intrinsic
def _advance(_context: Any, spent: Any, room: Any, delta: Any, cells: Any, place: Any, count: Any) -> Any:
    """Add the squares of the next elements of y to `spent`; whether it is under `room` in any lane.

    spent, room : (LANES,); delta : LANES numbers of each of the first `count` dimensions; cells : from `place` on.
    """

    def generate(context: Any, build: ir.IRBuilder, _signature: Any, args: tuple[ir.Value, ...]) -> ir.Value:
        wide = ir.VectorType(context.get_value_type(delta.dtype), LANES)
        align = delta.dtype.bitwidth // 8
        spents, rooms, deltas, numbers = (
            context.make_array(kind)(context, build, arg).data
            for kind, arg in zip((spent, room, delta, cells), args[:4], strict=True)
        )

        def index(number: int) -> ir.Constant:
            return context.get_constant(types.intp, number)

        def vector(pointer: ir.Value) -> ir.Value:
            return build.bitcast(pointer, wide.as_pointer())

        def everywhere(cell: ir.Value) -> ir.Value:
            number = build.load(build.gep(numbers, [cell]), align=align)
            one = build.insert_element(ir.Constant(wide, ir.Undefined), number, ir.IntType(32)(0))
            zeros = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
            return build.shuffle_vector(one, ir.Constant(wide, ir.Undefined), zeros)

        elements = [cgutils.alloca_once(build, wide) for _ in range(_TOGETHER)]
        for j, element in enumerate(elements):
            build.store(everywhere(build.add(args[4], index(j))), element)
        with cgutils.for_range(build, args[5]) as loop:
            x = build.load(vector(build.gep(deltas, [build.mul(loop.index, index(LANES))])), align=align)
            begin = build.add(args[4], build.mul(build.add(loop.index, index(1)), index(_TOGETHER)))
            for j, element in enumerate(elements):
                term = build.fmul(everywhere(build.add(begin, index(j))), x)
                build.store(build.fadd(build.load(element), term), element)
        total = build.load(vector(spents), align=align)
        for element in elements:
            y = build.load(element)
            total = build.fadd(total, build.fmul(y, y))
        build.store(total, vector(spents), align=align)
        under = build.fcmp_ordered("<", total, build.load(vector(rooms), align=align))
        return build.icmp_unsigned("!=", build.bitcast(under, ir.IntType(LANES)), ir.IntType(LANES)(0))

    return types.boolean(spent, room, delta, cells, place, count), generate


@compiled
def shares(rows: Any, logs: Any, anchors: Any, cells: Any, reach: Any, share: Any, density: Any) -> None:
    """Responsibilities, and the log₂-density.

    Where a responsibility is under 2^−reach it may be too large, but stays under it.

    rows : (n, d), logs : (k,), anchors : (k, d), cells : (k, …) as `packed` makes them, reach : of the rows' type
    share : (k, n), density : (n,)
    """
    n, d = rows.shape
    k, width = cells.shape
    flat = cells.reshape(-1)
    lowest = -np.finfo(rows.dtype).max / 4
    x, delta = np.empty(d * LANES, rows.dtype), np.empty(d * LANES, rows.dtype)
    spent, room = np.empty(LANES, rows.dtype), np.empty(LANES, rows.dtype)
    top, total = np.empty(LANES, rows.dtype), np.empty(LANES, rows.dtype)
    ell = np.empty((k, LANES), rows.dtype)
    best = 0
    for first in range(0, n, LANES):
        size = min(LANES, n - first)
        for i in range(LANES):
            row = first + min(i, size - 1)
            for j in range(d):
                x[j * LANES + i] = rows[row, j]
            top[i] = lowest
        favourite = best
        for turn in range(k):
            c = favourite if turn == 0 else turn - 1 if turn <= favourite else turn
            log = logs[c]
            hope = False
            for i in range(LANES):
                spent[i] = 0
                room[i] = log - top[i] + reach
                hope |= room[i] > 0
            place = c * width
            done = 0
            while hope and done < d:
                stop = min(done + _TOGETHER, d)
                for j in range(done, stop):
                    anchor = anchors[c, j]
                    for i in range(LANES):
                        delta[j * LANES + i] = x[j * LANES + i] - anchor
                hope = _advance(spent, room, delta, flat, place, stop)
                place += (1 + stop) * _TOGETHER
                done = stop
            for i in range(LANES):
                ell[c, i] = log - spent[i]
                top[i] = max(top[i], ell[c, i])
            if ell[c, LANES - 1] == top[LANES - 1]:
                best = c
        for i in range(LANES):
            total[i] = 0
        for c in range(k):
            for i in range(LANES):
                ell[c, i] = exp2(ell[c, i] - top[i])
                total[i] += ell[c, i]
        for i in range(LANES):
            top[i] += log2(total[i])
        for i in range(size):
            density[first + i] = top[i]
        for c in range(k):
            for i in range(size):
                share[c, first + i] = ell[c, i] / total[i]


@compiled
def pulled(rows: Any, share: Any, weights: Any, anchor: Any, negligible: Any, out: Any, roots: Any) -> int:
    """Rows whose responsibility counts, less the anchor and times √(r w); and how many they are.

    rows : (n, d), share : (n,), weights : (n,) or (1,), anchor : (d,)
    out : (n, d), roots : (n,), filled from the front with those rows and with √(r w)
    """
    found = 0
    for i in range(len(rows)):
        if share[i] >= negligible:
            root = np.sqrt(share[i] * weights[0 if weights.size == 1 else i])
            roots[found] = root
            for j in range(anchor.size):
                out[found, j] = (rows[i, j] - anchor[j]) * root
            found += 1
    return found
