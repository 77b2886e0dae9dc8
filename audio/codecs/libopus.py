"""Finds and loads libopus, with just the calls that are used (RFC 6716, opus.h of libopus 1.x).

PyDLL, not CDLL: CDLL gives the interpreter lock up at each call, and getting it back beside a
busy thread costs more than the decode. ``opus_*_ctl`` is variadic: only its fixed arguments are
declared.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import importlib.util
from ctypes import POINTER, c_char_p, c_float, c_int, c_int32, c_void_p
from functools import cache
from pathlib import Path
from typing import Final

RATE: Final = 48_000  # Hz
PATTERNS: Final = ("av.libs/libopus*", "av/.dylibs/libopus*", "av.libs/*opus*.dll")
CTL_SET_BITRATE: Final = 4_002
CTL_SET_COMPLEXITY: Final = 4_010
CTL_SET_INBAND_FEC: Final = 4_012
CTL_SET_PACKET_LOSS_PERC: Final = 4_014
CTL_RESET_STATE: Final = 4_028
APPLICATION_VOIP: Final = 2_048


class OpusError(RuntimeError):
    """libopus is missing or has refused; the text says what to do."""


@cache
def load() -> ctypes.PyDLL:
    """The library inside PyAV's wheel, else the system's. Raises OpusError."""
    tried = []
    for name in _candidates():
        try:
            return _declare(ctypes.PyDLL(name))
        except (OSError, AttributeError) as error:
            tried.append(f"{name}: {error}")
    raise OpusError(
        "libopus was not found; install the Python package av, or the system's libopus0"
        + "".join(f"\n  {line}" for line in tried)
    )


def _candidates() -> list[str]:
    found: list[str] = []
    spec = importlib.util.find_spec("av")
    if spec is not None and spec.origin is not None:
        root = Path(spec.origin).parent.parent
        for pattern in PATTERNS:
            found += sorted(str(path) for path in root.glob(pattern))
    system = ctypes.util.find_library("opus")
    return [*found, system] if system else found


def _declare(library: ctypes.PyDLL) -> ctypes.PyDLL:
    def call(name: str, result: object, *arguments: object) -> None:
        function = getattr(library, name)
        function.restype = result
        function.argtypes = list(arguments)

    call("opus_decoder_create", c_void_p, c_int32, c_int, POINTER(c_int))
    call("opus_decoder_destroy", None, c_void_p)
    call("opus_decode_float", c_int, c_void_p, c_char_p, c_int32, c_void_p, c_int, c_int)
    call("opus_decoder_ctl", c_int, c_void_p, c_int)
    call("opus_packet_get_nb_samples", c_int, c_char_p, c_int32, c_int32)
    call("opus_encoder_create", c_void_p, c_int32, c_int, c_int, POINTER(c_int))
    call("opus_encoder_destroy", None, c_void_p)
    call("opus_encode_float", c_int32, c_void_p, POINTER(c_float), c_int, c_char_p, c_int32)
    call("opus_encoder_ctl", c_int, c_void_p, c_int)
    call("opus_strerror", c_char_p, c_int)
    call("opus_get_version_string", c_char_p)
    return library


def explain(code: int) -> str:
    return str(load().opus_strerror(code).decode("ascii", "replace"))
