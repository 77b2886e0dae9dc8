"""An X server of its own, which nobody sees."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator

END_S = 10.0


@contextlib.contextmanager
def x_server(size: str = "1920x1080") -> Iterator[str]:
    """Its display's name, ":1"; empty where Xvfb isn't installed."""
    program = shutil.which("Xvfb")
    if program is None:
        yield ""
        return
    reader, writer = os.pipe()
    words = [program, "-displayfd", str(writer), "-screen", "0", f"{size}x24", "-nolisten", "tcp"]
    words.append("-noreset")  # else it begins anew, and is deaf, whenever its last client has left
    server = subprocess.Popen(words, pass_fds=(writer,), stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait(END_S)
