"""What is wrong with a map of the site's own, in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from widgets.contracts.maps import MapProblem, MapWhy


def problem_words(problem: MapProblem) -> str:
    """What is wrong, and what to do."""
    translate = QCoreApplication.translate
    words: dict[MapProblem, str] = {
        "": "",
        "missing": translate("maps", "It is not there any more. Put it back, or choose another."),
        "no-access": translate("maps", "It can't be opened. May this user read it?"),
        "not-a-file": translate("maps", "It is a folder or a device. Choose a file."),
        "not-a-map": translate("maps", "It is neither MBTiles nor PMTiles. Choose another file."),
        "damaged": translate("maps", "The file is damaged or cut short. Copy it anew."),
        "unsupported": translate("maps", "Its form can't be read here. See docs/MAPS.md."),
        "empty": translate("maps", "There is no tile in it. Make it anew."),
        "slow": translate("maps", "It answers too slowly. Copy it to this machine."),
        "busy": translate("maps", "Another program is writing it. Try again when that is done."),
        "entry": translate("maps", "Its entry in servers.toml makes no sense. Put it right there."),
        "unreachable": translate("maps", "It can't be reached. What was fetched before is shown."),
        "certificate": translate("maps", "Its certificate is not valid. Ask who runs it."),
        "refused": translate("maps", "It refuses to answer. Ask who runs it what it allows."),
        "server": translate("maps", "It fails. It is asked again by itself, ever more rarely."),
        "no-tiles": translate("maps", "It has none of these tiles. Check its address."),
        "wrong-type": translate("maps", "It sends something that is no map. Check the address."),
        "redirects": translate("maps", "It sends on to other addresses. Check the address."),
        "capabilities": translate("maps", "It has no layer that fits. Check servers.toml."),
        "tile": translate("maps", "Parts of it can't be read."),
    }
    return words[problem]


def strange_words() -> str:
    """Of a vector map that can be read, and has nothing that is drawn."""
    return QCoreApplication.translate(
        "maps",
        "Nothing of it is drawn: none of its layers is known here as roads, water or buildings."
        " Choose another map.",
    )


def unreadable_words() -> str:
    """Of a map that opens, and whose tiles are all damaged or of another kind."""
    return QCoreApplication.translate(
        "maps",
        "Nothing of it could be read so far: it is damaged, or of another kind."
        " Choose another map.",
    )


def why_words(why: MapWhy, about: str) -> str:
    """More of it, for who mends it; ``about`` is put where the words have room for it."""
    translate = QCoreApplication.translate
    words: dict[MapWhy, str] = {
        "": "",
        "tiles-of": translate("maps", "Its tiles are {0}."),
        "compression": translate("maps", "It is compressed by Brotli or Zstandard, not gzip."),
        "version": translate("maps", "It is PMTiles version {0}. It must be version 3."),
        "line": translate("maps", "See line {0}."),
        "field": translate("maps", "See “{0}”."),
        "too-large": translate("maps", "It is too large."),
        "same-name": translate("maps", "Another server has the same name."),
        "address-or-capabilities": translate("maps", "“address” or “capabilities”: one of them."),
        "no-layer-named": translate("maps", "With “capabilities” goes the name of a layer."),
        "subdomain": translate("maps", "A subdomain has characters that no host's name has."),
        "least-most": translate("maps", "“least” is larger than “most”."),
        "bounds": translate("maps", "“bounds” are west, south, east, north."),
        "address": translate("maps", "An address begins with https:// or http://, and a host."),
        "password": translate("maps", "The address must hold no user's name and no password."),
        "unknown-blank": translate("maps", "The address has an unknown blank {0}."),
        "lacking-blank": translate("maps", "The address lacks {0}."),
        "no-subdomains": translate("maps", "The address has {s}, and no subdomains are given."),
        "status": translate("maps", "HTTP {0}."),
        "type": translate("maps", "It says that it sends {0}."),
        "too-long": translate("maps", "It took too long."),
        "no-name": translate("maps", "Its name is not known in the network."),
        "no-answer": translate("maps", "It does not answer."),
        "no-connection": translate("maps", "It takes no connection, or breaks it off."),
        "expired": translate("maps", "It has expired."),
        "issuer": translate("maps", "Nobody whom this machine trusts has issued it."),
        "other-name": translate("maps", "It was issued for another name."),
        "unsecured": translate("maps", "It sends on to an address that is not secured."),
        "round": translate("maps", "It sends from one address to the next, without end."),
        "no-wmts": translate("maps", "What it sends are no WMTS capabilities."),
        "unknown-layer": translate("maps", "It has no layer named {0}."),
        "no-rest": translate("maps", "The layer has no REST address for PNG, JPEG or WebP."),
        "no-mercator": translate(
            "maps",
            "The layer has no tiles of 256 pixels in Web Mercator (EPSG:3857), counted from the"
            " world's corner.",
        ),
        "other-host": translate("maps", "Its tiles come from another host, {0}."),
    }
    return words[why].replace("{0}", about)
