"""The part of the build that pyproject.toml can't say: audio/_fast.c, if it can be compiled."""

import hashlib
import os
from pathlib import Path

from setuptools import Extension, setup

SOURCE = "audio/_fast.c"
NAME = "_fast_" + hashlib.sha256(Path(SOURCE).read_bytes()).hexdigest()[:16]  # audio/fast.py

setup(
    ext_modules=[
        Extension(
            f"audio.{NAME}",
            [SOURCE],
            define_macros=[("VAKTBORD_MODULE", NAME)],
            extra_compile_args=["-O3", "-ffp-contract=off"],
            libraries=["m"],
            py_limited_api=True,
            optional=True,  # no compiler: the engine does without
        )
    ]
    if os.name == "posix"
    else [],
    options={"bdist_wheel": {"py_limited_api": "cp311"}} if os.name == "posix" else {},
)
