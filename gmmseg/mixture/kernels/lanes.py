"""Small pieces of vectorisable arithmetic: 2ˣ, log₂x and arrays that live in registers.

A loop that calls the scalar maths library is not vectorised, so the two transcendental functions of a mixture are
written here as short polynomials, straight into LLVM's intermediate form. Doing it there and not in Python also keeps
the integer steps (exponent bits) in the width of the float: Numba would widen them to 64 bits.

The coefficients are minimax fits (Remez exchange in 40 digits): relative error 2e-9 for 2ˣ and absolute error 4e-8
for log₂x in float32, 3e-18 and 7e-17 in float64, all below the rounding of the type.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.errors import TypingError
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array

# 2ᶠ ≈ Σ cᵢ fⁱ on [0, 1]
_EXP2 = {
    32: (
        1.0000000018557926,
        0.6931469838401201,
        0.24022983627902042,
        0.05548334196828718,
        0.00967884101830565,
        0.0012439687700471446,
        0.00021702255684156885,
    ),
    64: (
        1.0,
        0.6931471805599463,
        0.2402265069590547,
        0.05550410866571116,
        0.00961812909879245,
        0.0013333558661583471,
        0.00015403511446274287,
        1.5253190252751192e-05,
        1.320819344985004e-06,
        1.0254457714232472e-07,
        6.55445577385705e-09,
        6.272436957137835e-10,
    ),
}
# log₂(1 + u) ≈ u · Σ cᵢ uⁱ on [0, 1]
_LOG2 = {
    32: (
        1.442695004146902,
        -0.7213410656438125,
        0.4807109434924307,
        -0.35855221129927506,
        0.27620562613042343,
        -0.19832179544101008,
        0.11427689352357988,
        -0.04344091021588957,
        0.007767552048712649,
    ),
    64: (
        1.4426950408889634,
        -0.7213475204444254,
        0.4808983469551961,
        -0.3606737597938374,
        0.2885389956920042,
        -0.2404489504050944,
        0.2060966260618825,
        -0.1803143231547441,
        0.1601587269561557,
        -0.1436031354670374,
        0.12870534579779117,
        -0.11311808485859717,
        0.09444459151730619,
        -0.07177625823955724,
        0.04728510557535473,
        -0.025628796035717317,
        0.01077903648405131,
        -0.0032596051476651193,
        0.0006255292384925802,
        -5.691162052240934e-05,
    ),
}


_SLACK = 27  # powers of two between the least value of exp2 and the least normal number


class _Bits:
    """The bit layout of a float type: its width, and where its exponent stands."""

    def __init__(self, number: types.Float) -> None:
        if not isinstance(number, types.Float):
            raise TypingError(f"expected float32 or float64, got {number}")
        self.width = number.bitwidth
        self.mantissa = 23 if self.width == 32 else 52
        self.bias = 127 if self.width == 32 else 1023
        self.integer = ir.IntType(self.width)
        self.float = ir.FloatType() if self.width == 32 else ir.DoubleType()

    def word(self, value: int) -> ir.Constant:
        return ir.Constant(self.integer, value)

    def number(self, value: float) -> ir.Constant:
        return ir.Constant(self.float, value)

    def polynomial(self, build: ir.IRBuilder, x: ir.Value, coefficients: tuple[float, ...]) -> ir.Value:
        """Horner's rule; the multiplications and additions are fused when the machine can."""
        total: ir.Value = self.number(coefficients[-1])
        for coefficient in coefficients[-2::-1]:
            total = build.fadd(build.fmul(total, x), self.number(coefficient))
        return total


@intrinsic
def exp2(_context: Any, x: types.Type) -> Any:
    """2ˣ for x ≤ 0; far enough above the smallest normal number it stays where it is.

    So neither it nor what it is multiplied by becomes denormal, which some processors are slow with, or zero.
    """
    bits = _Bits(x)

    def generate(_target: Any, build: ir.IRBuilder, _signature: Any, args: tuple[ir.Value]) -> ir.Value:
        lowest = bits.number(float(_SLACK - bits.bias))
        clamped = build.select(build.fcmp_ordered(">", args[0], lowest), args[0], lowest)
        floor = build.module.declare_intrinsic("llvm.floor", [bits.float])
        whole = build.call(floor, [clamped])
        power = bits.polynomial(build, build.fsub(clamped, whole), _EXP2[bits.width])
        shift = build.shl(build.fptosi(whole, bits.integer), bits.word(bits.mantissa))
        return build.bitcast(build.add(build.bitcast(power, bits.integer), shift), bits.float)

    return x(x), generate


@intrinsic
def log2(_context: Any, x: types.Type) -> Any:
    """log₂x for a normal x ≥ 1."""
    bits = _Bits(x)

    def generate(_target: Any, build: ir.IRBuilder, _signature: Any, args: tuple[ir.Value]) -> ir.Value:
        pattern = build.bitcast(args[0], bits.integer)
        exponent = build.sub(build.lshr(pattern, bits.word(bits.mantissa)), bits.word(bits.bias))
        fraction = build.and_(pattern, bits.word((1 << bits.mantissa) - 1))
        one = build.shl(bits.word(bits.bias), bits.word(bits.mantissa))
        excess = build.fsub(build.bitcast(build.or_(fraction, one), bits.float), bits.number(1.0))
        series = build.fmul(excess, bits.polynomial(build, excess, _LOG2[bits.width]))
        return build.fadd(build.sitofp(exponent, bits.float), series)

    return x(x), generate


# Rows that are transposed at a time: a vector of this many float32 is as wide as vectors get.
LANES = 16


@intrinsic
def transpose(_context: Any, rows: types.Array, first: Any, x: types.Array, column: Any, axes: types.UniTuple) -> Any:
    """x[j, column + i] = rows[first + i, j] for LANES rows and all axes; both arrays C-contiguous.

    One wide load and a shuffle for each axis. LLVM makes scalar moves of the same written as a loop, which take a
    fifth of the whole pass over three-dimensional rows.
    """
    d = axes.count

    def generate(context: Any, build: ir.IRBuilder, _signature: Any, args: tuple[ir.Value, ...]) -> None:
        element = context.get_value_type(rows.dtype)
        word = ir.IntType(32)
        source, target = (context.make_array(kind)(context, build, args[i]) for i, kind in ((0, rows), (2, x)))
        size = context.get_constant(types.intp, d)
        begin = build.gep(source.data, [build.mul(args[1], size)])
        wide = ir.VectorType(element, LANES * d)
        block = build.load(build.bitcast(begin, wide.as_pointer()), align=rows.dtype.bitwidth // 8)
        stride = build.extract_value(target.shape, 1)
        for j in range(d):
            mask = ir.Constant(ir.VectorType(word, LANES), [word(j + d * i) for i in range(LANES)])
            lane = build.shuffle_vector(block, block, mask)
            place = build.add(build.mul(context.get_constant(types.intp, j), stride), args[3])
            begin = build.gep(target.data, [place])
            build.store(lane, build.bitcast(begin, lane.type.as_pointer()), align=x.dtype.bitwidth // 8)

    return types.none(rows, first, x, column, axes), generate


@intrinsic
def registers(_context: Any, like: types.Array, cells: types.UniTuple) -> Any:
    """An uninitialised array on the stack, as long as `cells`, of the dtype of `like`.

    Once the loops over it are unrolled, LLVM keeps its elements in registers.
    """
    kind = like.dtype
    array = types.Array(kind, 1, "C")

    def generate(context: Any, build: ir.IRBuilder, _signature: Any, _args: Any) -> ir.Value:
        element = context.get_value_type(kind)
        memory = cgutils.alloca_once(build, ir.ArrayType(element, cells.count))
        view = context.make_array(array)(context, build)
        stride = context.get_constant(types.intp, kind.bitwidth // 8)
        populate_array(
            view,
            data=build.bitcast(memory, element.as_pointer()),
            shape=[context.get_constant(types.intp, cells.count)],
            strides=[stride],
            itemsize=stride,
            meminfo=None,
        )
        return view._getvalue()

    return array(like, cells), generate
