"""Threads that decode one message type at the same time, the first time, end no process."""

from __future__ import annotations

import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import audio
import console
from audio.ready import make_ready, unready

ROOT = Path(__file__).resolve().parents[2]
RACE = """
import sys, threading, types
import msgspec
from audio.ready import make_ready

KIND = '''
from __future__ import annotations
from typing import Annotated
import msgspec
class Inner(msgspec.Struct):
    a: Annotated[str, msgspec.Meta(max_length=5)] = ""
class Outer(msgspec.Struct):
    x: Inner
    y: dict[str, Inner] = {}
    z: tuple[Inner, ...] = ()
'''
sys.setswitchinterval(1e-6)
for i in range(200):
    made = types.ModuleType(f"made{i}")
    sys.modules[made.__name__] = made
    exec(KIND, made.__dict__)
    ready = threading.Barrier(4)
    def go():
        ready.wait()
        msgspec.json.decode(b'{"x":{"a":"1"},"z":[{"a":"2"}]}', type=made.Outer)
    threads = [threading.Thread(target=go) for _ in range(4)]
    if "ready" in sys.argv:
        make_ready()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
"""
NOT_DECODED = ("console.site.address.SiteAddress",)  # goes from one part of a process to another
NO_MESSAGES = (  # threads that decode none of our messages, or by decoders built at import
    "audio/devices/", "audio/door.py", "audio/engine.py", "audio/microphone/", "audio/recorder.py",
    "audio/sending/", "console/commands/talk.py", "console/desk/site_chores.py",
    "console/gateways/inputs.py", "console/maps/tile_server.py", "console/pedals/",
    "console/site/node/logmaker.py", "console/streams/mdns.py", "console/timeline/__main__.py",
)  # fmt: skip


def test_threads_share_a_type_that_was_made_ready() -> None:
    """Without that the same ends in a segmentation fault (msgspec 0.22.0)."""
    done = subprocess.run([sys.executable, "-c", RACE, "ready"], cwd=ROOT, timeout=60, check=False)
    assert done.returncode == 0


def test_every_type_can_be_made_ready() -> None:
    for package in (audio, console):
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if "windows" not in found.name and "__main__" not in found.name:
                importlib.import_module(found.name)
    ours = [one for one in unready() if one.startswith(("audio.", "console."))]
    assert tuple(ours) == NOT_DECODED


def test_whoever_starts_a_thread_makes_the_types_ready_first() -> None:
    missing = []
    for room in ("audio", "console"):
        for path in sorted((ROOT / room).rglob("*.py")):
            name, text = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
            starts = re.search(r"threading\.Thread\(", text)
            if starts and "make_ready()" not in text and not name.startswith(NO_MESSAGES):
                missing.append(name)
    assert missing == []


def test_it_may_be_called_again() -> None:
    make_ready()
    make_ready()
