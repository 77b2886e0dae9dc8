"""What commands that have commands of their own share."""

from __future__ import annotations

import argparse
import copy


def without_defaults(common: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """So that an option before the action is not undone by its default after it."""
    quiet = copy.deepcopy(common)
    for option in quiet._actions:
        option.help = (option.help or "").replace("%(default)s", str(option.default))
        option.default = argparse.SUPPRESS
    return quiet
