"""How another home becomes a node of a site: what it is given, and how it keeps that.

Who has a node's pack is the site: it holds the keys of both CAs. It goes through the door alone, to
who has proved a node's one-time code, and is nowhere on disk but in the folders it fills.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from console.site.address import SiteError
from console.site.node.nodes import Node, Nodes, nodes_file
from console.site.node.papers import Papers
from console.site.node.policy import Policy, SharedPolicy
from console.site.security import identity, join, pki
from console.site.security.pki import MAX_PEM_BYTES, Authority, MemberName
from console.site.security.private import read_private, write_private
from console.site.services.key_store import MAX_SEAL_FILE_BYTES, SEAL_FILE, Seal

ROUTES_CA: Final = "pki-routes"
CA: Final = "pki"
Pem = Annotated[str, Meta(max_length=MAX_PEM_BYTES)]


class NodePack(msgspec.Struct, frozen=True):
    """What makes a home a node of a site, under the name ``me``, which the site's servers let in
    already. Each node makes a key for its store itself. The members and persons are told by the
    other nodes."""

    site: Annotated[str, Meta(min_length=1, max_length=63)]
    me: Node
    ca_key: Pem
    routes_ca: Pem
    routes_key: Pem
    voice_seal: Annotated[str, Meta(max_length=MAX_SEAL_FILE_BYTES)]
    policy: Policy
    nodes: Nodes


def pack(folder: Path, papers: Papers, nodes: Nodes, me: Node, site: str) -> NodePack:
    """Of the site in ``folder``. Raises SiteError, OSError."""
    routes = papers.routes_authority()
    Seal.open(folder / CA)  # made if there is none
    seal = read_private(folder / CA / SEAL_FILE, MAX_SEAL_FILE_BYTES).decode()
    ours = papers.authority.key_pem
    policy = SharedPolicy(folder).now()
    return NodePack(site, me, ours, routes.pem, routes.key_pem, seal, policy, nodes)


def is_site(folder: Path) -> bool:
    """Whether a home's ``site`` folder is one, alone or as a node."""
    return (folder / CA / identity.CA).exists()


def check_free(folder: Path) -> None:
    """Raises SiteError for a home that is a site: asked before a code is used up."""
    if is_site(folder):
        raise SiteError(f"{folder} is a site already; name another --home")


def join_site(folder: Path, door: str, code: str) -> NodePack:
    """Make the home with this ``site`` folder a node, by a code in its plain form; ``vaktbord
    site`` then starts it. Blocks for some seconds. Raises SiteError, of which Turned is one, and
    OSError; a home that is a site already stays as it is, and the code is not used."""
    check_free(folder)
    claimed = join.claim_node(door, code)
    try:
        given = msgspec.json.decode(claimed.pack, type=NodePack)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SiteError(
            f"the site gave what this version does not understand ({error}): install the same "
            "version on both machines, and make a new code"
        ) from error
    who = MemberName(given.me.name, "site", given.me.generation)
    if pki.member_named(pki.load_certificate(claimed.certificate)) != who:
        raise SiteError("the site's answer does not fit together; make a new code and try again")
    keep(folder, given, claimed)
    return given


def keep(folder: Path, given: NodePack, claimed: join.NodeClaimed) -> None:
    """The CA's certificate last: without it the folder is no site's, and may be filled anew."""
    write_private(folder / "name", given.site)
    SharedPolicy(folder).learn(given.policy)
    given.nodes.save(nodes_file(folder))
    write_private(folder / ROUTES_CA / "ca-key.pem", given.routes_key)
    write_private(folder / ROUTES_CA / identity.CA, given.routes_ca)
    identity.save(
        folder / "node",
        key=claimed.key,
        certificate=claimed.certificate,
        ca=claimed.ca,
        place=None,
    )
    write_private(folder / CA / SEAL_FILE, given.voice_seal)
    write_private(folder / CA / "ca-key.pem", given.ca_key)
    write_private(folder / CA / identity.CA, claimed.ca)
    for name in (ROUTES_CA, CA):
        Authority.load(folder / name)  # raises when they don't fit together
