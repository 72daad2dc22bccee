"""Vectors to and from memory.

An array is handed about as its address, a plain number: Numba counts who holds an array at every call and assignment,
across threads, which takes longer than to work on 16 pixels. Arrays are C-contiguous and made of rows of 16, and stay
where they are while a kernel runs; no place is checked.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from gmmseg.video.classic.vectors import FLOATS, SIDE_BY_SIDE, flags, lanes

_BYTE, _WORD, _ADDRESS = ir.IntType(8), ir.IntType(32), ir.IntType(64)
_BYTES = ir.VectorType(_BYTE, SIDE_BY_SIDE)


def _pointer(build: ir.IRBuilder, args: Any, kind: ir.Type, size: int) -> ir.Value:
    """The pointer to a row, of `size` bytes, in the array whose address is args[0]; args[1] is its number."""
    return build.inttoptr(build.add(args[0], build.mul(args[1], _ADDRESS(size))), kind.as_pointer())


@intrinsic
def address(_context: Any, array: types.Array) -> Any:
    """Where an array begins."""

    def generate(context: Any, build: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
        return build.ptrtoint(context.make_array(signature.args[0])(context, build, args[0]).data, _ADDRESS)

    return types.int64(array), generate


@intrinsic
def read(_context: Any, begin: Any, row: Any) -> Any:
    """A row of 16 float32."""

    def generate(_context: Any, build: ir.IRBuilder, _signature: Any, args: Any) -> ir.Value:
        return build.load(_pointer(build, args, FLOATS, 4 * SIDE_BY_SIDE), align=4)

    return lanes(types.int64, types.int64), generate


@intrinsic
def write(_context: Any, begin: Any, row: Any, given: Any) -> Any:
    """Change a row of 16 float32."""

    def generate(_context: Any, build: ir.IRBuilder, _signature: Any, args: Any) -> None:
        build.store(args[2], _pointer(build, args, FLOATS, 4 * SIDE_BY_SIDE), align=4)

    return types.none(types.int64, types.int64, lanes), generate


@intrinsic
def read_flags(_context: Any, begin: Any, row: Any) -> Any:
    """A row of 16 bool."""

    def generate(_context: Any, build: ir.IRBuilder, _signature: Any, args: Any) -> ir.Value:
        held = build.load(_pointer(build, args, _BYTES, SIDE_BY_SIDE), align=1)
        return build.icmp_unsigned("!=", held, ir.Constant(_BYTES, [0] * SIDE_BY_SIDE))

    return flags(types.int64, types.int64), generate


@intrinsic
def write_flags(_context: Any, begin: Any, row: Any, given: Any) -> Any:
    """Change a row of 16 bool."""

    def generate(_context: Any, build: ir.IRBuilder, _signature: Any, args: Any) -> None:
        build.store(build.zext(args[2], _BYTES), _pointer(build, args, _BYTES, SIDE_BY_SIDE), align=1)

    return types.none(types.int64, types.int64, flags), generate


@intrinsic
def read_pixels(_context: Any, frame: types.Array, first: Any, axes: types.UniTuple) -> Any:
    """Channel by channel, the 16 pixels from frame[first] on; frame : (n, channels) uint8 or float32, C-contiguous."""
    channels = axes.count

    def generate(context: Any, build: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
        frames = signature.args[0]
        element = context.get_value_type(frames.dtype)
        wide = ir.VectorType(element, SIDE_BY_SIDE * channels)
        held = context.make_array(frames)(context, build, args[0])
        begin = build.gep(held.data, [build.mul(args[1], args[1].type(channels))])
        mixed = build.load(build.bitcast(begin, wide.as_pointer()), align=frames.dtype.bitwidth // 8)
        values = []
        for j in range(channels):
            order = [_WORD(j + channels * i) for i in range(SIDE_BY_SIDE)]
            one = build.shuffle_vector(mixed, mixed, ir.Constant(ir.VectorType(_WORD, SIDE_BY_SIDE), order))
            values.append(one if frames.dtype == types.float32 else build.uitofp(one, FLOATS))
        return context.make_tuple(build, signature.return_type, values)

    return types.UniTuple(lanes, channels)(frame, first, axes), generate


@intrinsic
def prefetch(_context: Any, begin: Any, row: Any) -> Any:
    """Have a row of 16 float32 brought into the cache."""

    def generate(_context: Any, build: ir.IRBuilder, _signature: Any, args: Any) -> None:
        place = _pointer(build, args, _BYTE, 4 * SIDE_BY_SIDE)
        kind = ir.FunctionType(ir.VoidType(), [place.type, _WORD, _WORD, _WORD])
        function = build.module.declare_intrinsic("llvm.prefetch", [place.type], kind)
        build.call(function, [place, _WORD(1), _WORD(3), _WORD(1)])

    return types.none(types.int64, types.int64), generate
