"""``python -m audio.devices.listing [microphones]``: a JSON list of this machine's sound outputs,
or of its microphones, by name.

A process of its own, so that a sound system that hangs or crashes takes nobody with it.
Exit code 1 and one sentence on standard error where PortAudio can't be used.
"""

from __future__ import annotations

import json
import sys
from typing import Final

from audio.devices.portaudio import DeviceError, output_names
from audio.microphone.inputs import input_names

MICROPHONES: Final = "microphones"


def main() -> int:
    try:
        print(json.dumps(input_names() if MICROPHONES in sys.argv[1:] else output_names()))
    except DeviceError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
