"""Vectors to and from arrays. Places are trusted: none is checked, and none counts from the end."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from gmmseg.video.classic.vectors import BITS, FLOATS, SIDE_BY_SIDE, flags, lanes

_ADDRESS, _WORD = ir.IntType(64), ir.IntType(32)
_BYTES = ir.VectorType(ir.IntType(8), SIDE_BY_SIDE)


def _pointer(context: Any, build: Any, signature: Any, args: Any, kind: ir.Type) -> ir.Value:
    """The address of array[(*place, 0, …)], args[0] and args[1], as that of a `kind`."""
    held = context.make_array(signature.args[0])(context, build, args[0])
    address = build.ptrtoint(held.data, _ADDRESS)
    for axis in range(signature.args[1].count):
        step = build.extract_value(args[1], axis)
        address = build.add(address, build.mul(step, build.extract_value(held.strides, axis)))
    return build.inttoptr(address, kind.as_pointer())


@intrinsic
def read(_context: Any, array: types.Array, place: types.UniTuple) -> Any:
    """The 16 float32 that begin at array[place]."""

    def generate(context: Any, build: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
        return build.load(_pointer(context, build, signature, args, FLOATS), align=4)

    return lanes(array, place), generate


@intrinsic
def write(_context: Any, array: types.Array, place: types.UniTuple, given: Any) -> Any:
    """Make the 16 float32 that begin at array[place] those given."""

    def generate(context: Any, build: ir.IRBuilder, signature: Any, args: Any) -> None:
        build.store(args[2], _pointer(context, build, signature, args, FLOATS), align=4)

    return types.none(array, place, given), generate


@intrinsic
def read_flags(_context: Any, array: types.Array, place: types.UniTuple) -> Any:
    """The 16 bool that begin at array[place]."""

    def generate(context: Any, build: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
        held = build.load(_pointer(context, build, signature, args, _BYTES), align=1)
        return build.icmp_unsigned("!=", held, ir.Constant(_BYTES, [0] * SIDE_BY_SIDE))

    return flags(array, place), generate


@intrinsic
def write_flags(_context: Any, array: types.Array, place: types.UniTuple, given: Any) -> Any:
    """Make the 16 bool that begin at array[place] those given."""

    def generate(context: Any, build: ir.IRBuilder, signature: Any, args: Any) -> None:
        build.store(build.zext(args[2], _BYTES), _pointer(context, build, signature, args, _BYTES), align=1)

    return types.none(array, place, given), generate


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
def prefetch(_context: Any, array: types.Array, place: types.UniTuple) -> Any:
    """Have the line of the cache that holds array[place] brought in."""

    def generate(context: Any, build: ir.IRBuilder, signature: Any, args: Any) -> None:
        address = _pointer(context, build, signature, args, ir.IntType(8))
        kind = ir.FunctionType(ir.VoidType(), [address.type, _WORD, _WORD, _WORD])
        function = build.module.declare_intrinsic("llvm.prefetch", [address.type], kind)
        build.call(function, [address, _WORD(1), _WORD(3), _WORD(1)])

    return types.none(array, place), generate
