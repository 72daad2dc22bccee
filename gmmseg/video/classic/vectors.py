"""Sixteen numbers at a time: vectors as values of their own in compiled code.

A loop is only made into vectors if the compiler sees that it may, and its test of that costs time whenever the loop is
short. Here the code says what it wants: `Lanes` are 16 float32 and `Flags` 16 times yes or no, with the operators of
numbers and of flags, so that a formula reads as it does for one pixel. Machines with shorter vectors take several.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core.datamodel import models
from numba.extending import intrinsic, overload, register_model

SIDE_BY_SIDE = 16


class Lanes(types.Type):
    """16 float32."""

    def __init__(self) -> None:
        super().__init__(name="Lanes")


class Flags(types.Type):
    """16 times yes or no."""

    def __init__(self) -> None:
        super().__init__(name="Flags")


lanes, flags = Lanes(), Flags()
FLOATS = ir.VectorType(ir.FloatType(), SIDE_BY_SIDE)
WORDS = ir.VectorType(ir.IntType(32), SIDE_BY_SIDE)
BITS = ir.VectorType(ir.IntType(1), SIDE_BY_SIDE)


@register_model(Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, FLOATS)


@register_model(Flags)
class _FlagsModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, BITS)


def _vectors(context: Any, build: ir.IRBuilder, kinds: Any, values: Any) -> list[ir.Value]:
    """Values of `Lanes` as they are, and numbers 16 times."""
    return [
        value if kind == lanes else _spread(build, context.cast(build, value, kind, types.float32))
        for value, kind in zip(values, kinds, strict=True)
    ]


def _spread(build: ir.IRBuilder, value: ir.Value) -> ir.Value:
    one = build.insert_element(ir.Constant(FLOATS, ir.Undefined), value, ir.IntType(32)(0))
    return build.shuffle_vector(one, ir.Constant(FLOATS, ir.Undefined), ir.Constant(WORDS, [0] * SIDE_BY_SIDE))


def _operator(symbol: Callable[[Any, Any], Any], result: Any, instruction: Callable[..., Any]) -> None:
    """Give `Lanes` an operator; a number on either side counts for all 16."""

    @intrinsic
    def applied(_context: Any, one: Any, other: Any) -> Any:
        def generate(context: Any, build: Any, signature: Any, args: Any) -> ir.Value:
            return instruction(build, *_vectors(context, build, signature.args, args))

        return result(one, other), generate

    def apply(one: Any, other: Any) -> Any:
        return applied(one, other)

    @overload(symbol)
    def chosen(one: Any, other: Any) -> Any:
        kinds = {type(one), type(other)}
        return apply if Lanes in kinds and kinds <= {Lanes, types.Float} else None


_operator(operator.add, lanes, lambda build, *two: build.fadd(*two))
_operator(operator.sub, lanes, lambda build, *two: build.fsub(*two))
_operator(operator.mul, lanes, lambda build, *two: build.fmul(*two))
_operator(operator.truediv, lanes, lambda build, *two: build.fdiv(*two))
_operator(operator.lt, flags, lambda build, *two: build.fcmp_ordered("<", *two))
_operator(operator.le, flags, lambda build, *two: build.fcmp_ordered("<=", *two))
_operator(operator.gt, flags, lambda build, *two: build.fcmp_ordered(">", *two))
_operator(operator.ge, flags, lambda build, *two: build.fcmp_ordered(">=", *two))
_operator(operator.eq, flags, lambda build, *two: build.fcmp_ordered("==", *two))


@intrinsic
def both(_context: Any, one: Any, other: Any) -> Any:
    """Flags set in one and in the other."""
    return flags(one, other), lambda _context, build, _signature, args: build.and_(*args)


@intrinsic
def either(_context: Any, one: Any, other: Any) -> Any:
    """Flags set in one or in the other."""
    return flags(one, other), lambda _context, build, _signature, args: build.or_(*args)


@intrinsic
def without(_context: Any, one: Any, other: Any) -> Any:
    """Flags set in one and not in the other."""
    return flags(one, other), lambda _context, build, _signature, args: build.and_(args[0], build.not_(args[1]))


@intrinsic
def some(_context: Any, given: Any) -> Any:
    """Whether any flag is set."""

    def generate(_context: Any, build: Any, _signature: Any, args: Any) -> ir.Value:
        word = ir.IntType(SIDE_BY_SIDE)
        return build.icmp_unsigned("!=", build.bitcast(args[0], word), word(0))

    return types.boolean(given), generate


@intrinsic
def spread(_context: Any, value: Any) -> Any:
    """A float32 in all 16 lanes."""
    return lanes(types.float32), lambda _context, build, _signature, args: _spread(build, args[0])


@intrinsic
def everywhere(_context: Any) -> Any:
    """All flags set."""
    return flags(), lambda _context, _build, _signature, _args: ir.Constant(BITS, [1] * SIDE_BY_SIDE)


@intrinsic
def choose(_context: Any, given: Any, one: Any, other: Any) -> Any:
    """One where a flag is set, the other elsewhere; either may be a number."""

    def generate(context: Any, build: Any, signature: Any, args: Any) -> ir.Value:
        return build.select(args[0], *_vectors(context, build, signature.args[1:], args[1:]))

    return lanes(given, one, other), generate


@intrinsic
def power(_context: Any, mantissa: Any, exponent: Any) -> Any:
    """What mantissa · 2^exponent is, for whole exponents and results that are normal numbers."""

    def generate(_context: Any, build: Any, _signature: Any, args: Any) -> ir.Value:
        shift = build.shl(build.fptosi(args[1], WORDS), ir.Constant(WORDS, [23] * SIDE_BY_SIDE))
        return build.bitcast(build.add(build.bitcast(args[0], WORDS), shift), FLOATS)

    return lanes(mantissa, exponent), generate


@intrinsic
def whole_part(_context: Any, given: Any) -> Any:
    """The whole number next to each on the side of zero."""

    def generate(_context: Any, build: Any, _signature: Any, args: Any) -> ir.Value:
        return build.sitofp(build.fptosi(args[0], WORDS), FLOATS)

    return lanes(given), generate
