"""A whole desk as a process of its own, with a hand that answers every call at once."""

from __future__ import annotations

import sys
from pathlib import Path

from console.cli import command_parser
from console.desk.desk import Desk
from console.settings import DeskSettings, SettingsFile
from tests.desk.processes import LOOPBACK


def main(home: Path, microphone: str) -> int:
    line = ["desk", "--home", str(home), "--interface", LOOPBACK, "--device", "null"]
    given = command_parser("desk").parse_args([*line, "--person", "Ola Nordmann"])
    given.keys = None
    SettingsFile(home / "desk" / "settings.json").save(DeskSettings(microphone=microphone))
    desk = Desk(given)

    def answer() -> None:
        for call in desk.parts.status.status().ringing:
            desk.parts.actions.answer_call(call.key)

    desk.parts.status.changed.connect(answer)
    return desk.run()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
