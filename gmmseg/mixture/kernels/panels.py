"""Matrix products in small panels: the heart of what many dimensions cost.

A panel is PANEL numbers of one side times LANES of the other, kept in registers while both are gone through. Unlike
calls of BLAS these stay in the middle of a loop, so that it can stop early; they wake no threads, and use vectors as
wide as the machine has. All arrays are flat, C-contiguous and of one type. LLVM makes no such code of plain loops.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from gmmseg.mixture.kernels.lanes import LANES

# So many sums hide each other's latency, and stay in registers.
PANEL = 8


class _Vectors:
    """Loads and stores of LANES numbers of the type of an array."""

    def __init__(self, context: Any, build: ir.IRBuilder, kind: types.Array) -> None:
        self.context, self.build = context, build
        self.wide = ir.VectorType(context.get_value_type(kind.dtype), LANES)
        self.align = kind.dtype.bitwidth // 8

    def index(self, number: int) -> ir.Constant:
        return self.context.get_constant(types.intp, number)

    def data(self, kind: types.Array, array: ir.Value) -> ir.Value:
        return self.context.make_array(kind)(self.context, self.build, array).data

    def _place(self, data: ir.Value, place: ir.Value) -> ir.Value:
        return self.build.bitcast(self.build.gep(data, [place]), self.wide.as_pointer())

    def load(self, data: ir.Value, place: ir.Value) -> ir.Value:
        return self.build.load(self._place(data, place), align=self.align)

    def store(self, vector: ir.Value, data: ir.Value, place: ir.Value) -> None:
        self.build.store(vector, self._place(data, place), align=self.align)

    def everywhere(self, data: ir.Value, place: ir.Value) -> ir.Value:
        """The number at a place in all lanes."""
        return self.spread(self.build.load(self.build.gep(data, [place]), align=self.align))

    def spread(self, number: ir.Value) -> ir.Value:
        """One number in all lanes."""
        anything = ir.Constant(self.wide, ir.Undefined)
        one = self.build.insert_element(anything, number, ir.IntType(32)(0))
        zeros = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        return self.build.shuffle_vector(one, anything, zeros)

    def product(
        self, x: ir.Value, at: ir.Value, cells: ir.Value, place: ir.Value, stride: Any, count: Any
    ) -> list[Any]:
        """Σ cells[place + t · stride + j] x[at + t · LANES + i] over t < count : PANEL vectors."""
        build = self.build
        sums = [cgutils.alloca_once(build, self.wide) for _ in range(PANEL)]
        for own in sums:
            build.store(ir.Constant(self.wide, [0.0] * LANES), own)
        with cgutils.for_range(build, count) as loop:
            values = self.load(x, build.add(at, build.mul(loop.index, self.index(LANES))))
            first = build.add(place, build.mul(loop.index, stride))
            for j, own in enumerate(sums):
                term = build.fmul(self.everywhere(cells, build.add(first, self.index(j))), values)
                build.store(build.fadd(build.load(own), term), own)
        return [build.load(own) for own in sums]


@intrinsic
def product(_context: Any, x: Any, at: Any, cells: Any, place: Any, stride: Any, count: Any, out: Any) -> Any:
    """out[j · LANES + i] = Σ cells[place + t · stride + j] x[at + t · LANES + i] over t < count."""

    def generate(context: Any, build: ir.IRBuilder, _signature: Any, args: tuple[ir.Value, ...]) -> None:
        vectors = _Vectors(context, build, x)
        source, numbers, target = vectors.data(x, args[0]), vectors.data(cells, args[2]), vectors.data(out, args[6])
        for j, own in enumerate(vectors.product(source, args[1], numbers, args[3], args[4], args[5])):
            vectors.store(own, target, vectors.index(j * LANES))

    return types.none(x, at, cells, place, stride, count, out), generate


@intrinsic
def squares(_context: Any, x: Any, cells: Any, place: Any, count: Any, table: Any, to: Any, under: Any) -> Any:
    """table[to + i] += Σ_j y_j² with y_j = Σ cells[place + t · PANEL + j] x[t · LANES + i] over t < count.

    Whether any is less than table[under + i].
    """

    def generate(context: Any, build: ir.IRBuilder, _signature: Any, args: tuple[ir.Value, ...]) -> ir.Value:
        vectors = _Vectors(context, build, x)
        source, numbers, known = (vectors.data(kind, args[i]) for kind, i in ((x, 0), (cells, 1), (table, 4)))
        total = vectors.load(known, args[5])
        for y in vectors.product(source, vectors.index(0), numbers, args[2], vectors.index(PANEL), args[3]):
            total = build.fadd(total, build.fmul(y, y))
        vectors.store(total, known, args[5])
        smaller = build.fcmp_ordered("<", total, vectors.load(known, args[6]))
        return build.icmp_unsigned("!=", build.bitcast(smaller, ir.IntType(LANES)), ir.IntType(LANES)(0))

    return types.boolean(x, cells, place, count, table, to, under), generate


@intrinsic
def less(_context: Any, x: Any, numbers: Any, place: Any, begin: Any, end: Any, out: Any) -> Any:
    """out[(1 + j) · LANES + i] = x[j · LANES + i] − numbers[place + j] for j from `begin` to `end`."""

    def generate(context: Any, build: ir.IRBuilder, _signature: Any, args: tuple[ir.Value, ...]) -> None:
        vectors = _Vectors(context, build, x)
        source, minus, target = vectors.data(x, args[0]), vectors.data(numbers, args[1]), vectors.data(out, args[5])
        with cgutils.for_range(build, args[4], start=args[3]) as loop:
            at = build.mul(loop.index, vectors.index(LANES))
            number = vectors.everywhere(minus, build.add(args[2], loop.index))
            difference = build.fsub(vectors.load(source, at), number)
            vectors.store(difference, target, build.add(at, vectors.index(LANES)))

    return types.none(x, numbers, place, begin, end, out), generate


@intrinsic
def pulled(
    _context: Any,
    x: Any,
    at: Any,
    numbers: Any,
    place: Any,
    root: Any,
    count: Any,
    out: Any,
    to: Any,
    step: Any,
    sums: Any,
) -> Any:
    """One row's next `count` · LANES numbers, less `numbers` and times `root`, LANES at a time into `out`.

    For s up to `count`: out[to + s · step + i] = p = root (x[at + s · LANES + i] − numbers[place + s · LANES + i]), and
    sums[s · LANES + i] += root p.
    """

    def generate(context: Any, build: ir.IRBuilder, _signature: Any, args: tuple[ir.Value, ...]) -> None:
        vectors = _Vectors(context, build, x)
        source, minus, target, totals = (
            vectors.data(kind, args[i]) for kind, i in ((x, 0), (numbers, 2), (out, 6), (sums, 9))
        )
        factor = vectors.spread(args[4])
        with cgutils.for_range(build, args[5]) as loop:
            own = build.mul(loop.index, vectors.index(LANES))
            difference = build.fsub(
                vectors.load(source, build.add(args[1], own)), vectors.load(minus, build.add(args[3], own))
            )
            result = build.fmul(difference, factor)
            vectors.store(result, target, build.add(args[7], build.mul(loop.index, args[8])))
            vectors.store(build.fadd(vectors.load(totals, own), build.fmul(result, factor)), totals, own)

    return types.none(x, at, numbers, place, root, count, out, to, step, sums), generate
