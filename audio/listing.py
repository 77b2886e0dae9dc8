"""``python -m audio.listing``: the sound outputs of this machine as a JSON list of names.

A process of its own, so that a sound system that hangs or crashes takes nobody with it.
Exit code 1 and one sentence on standard error where PortAudio can't be used.
"""

from __future__ import annotations

import json
import sys

from audio.devices import DeviceError, output_names


def main() -> int:
    try:
        print(json.dumps(output_names()))
    except DeviceError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
