"""Author processes as tests hold them: started, told to speak, killed, started again."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

import msgspec

from console.site.address import SiteAddress

from .conftest import wait_for

ROOT: Final = Path(__file__).parents[2]
SPOKEN_S: Final = 90.0


class Author:
    """``raised`` are the ids of what it has said, on disk; ``sent`` of what the site has got."""

    def __init__(
        self,
        address: SiteAddress,
        spool: Path,
        *,
        offset_s: float = 0.0,
        label: str = "",
    ) -> None:
        self.name = address.identity.name
        self._line = [
            *(sys.executable, "-m", "tests.site.author", str(address.identity.folder)),
            *(
                msgspec.json.encode(address.place).decode(),
                str(spool),
                self.name,
                str(offset_s),
                label,
            ),
        ]
        self.raised: list[str] = []
        self.sent: list[str] = []
        self.start()

    def start(self) -> None:
        self._done = 0
        self._asked = 0
        self.process = subprocess.Popen(
            self._line, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._reader = threading.Thread(target=self._read, name=f"author-{self.name}")
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if not line.endswith("\n"):
                return  # killed in the middle of a word
            word, *ids = line.split()
            if word == "raised":
                self.raised += ids
            elif word == "sent":
                self.sent += ids
            elif word == "done":
                self._done += 1

    def speak(self, count: int, seed: int, what: str = "") -> None:
        """Alarms and messages; ``what`` "pins": those."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{count} {seed} {what}\n")
        self.process.stdin.flush()
        self._asked += 1

    def wait_spoken(self) -> None:
        wait_for(lambda: self._done >= self._asked, f"{self.name} to have spoken", SPOKEN_S)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()
        self._close()

    def stop(self) -> None:
        if self.process.poll() is None:
            assert self.process.stdin is not None
            self.process.stdin.close()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._reader.join()
        self._close()

    def _close(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None and not pipe.closed:
                pipe.close()
