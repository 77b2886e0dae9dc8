"""``python -m audio.devices.listing [microphones]``: a JSON list of this machine's sound outputs,
or of its microphones, by name.

A process of its own, so that a sound system that hangs or crashes takes nobody with it.
Exit code 1 and one sentence on standard error where PortAudio can't be used.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Final

from audio.devices.portaudio import DeviceError, output_names
from audio.microphone.inputs import input_names

DEVICES: Final = "devices"
MICROPHONES: Final = "microphones"
LISTING_S: Final = 5.0  # then the system's list of devices is taken for hung


def listed(what: str = DEVICES) -> list[str]:
    """What the system has now, by a process that looks anew. Raises DeviceError."""
    line = [sys.executable, "-m", "audio.devices.listing", what]
    try:
        done = subprocess.run(line, capture_output=True, timeout=LISTING_S, check=False)
        if done.returncode == 0:
            return [str(one) for one in json.loads(done.stdout)]
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise DeviceError(f"the sound system did not say what {what} there are: {error}") from error
    raise DeviceError(done.stderr.decode("utf-8", "replace").strip() or "no devices are known")


def main() -> int:
    try:
        print(json.dumps(input_names() if MICROPHONES in sys.argv[1:] else output_names()))
    except DeviceError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
