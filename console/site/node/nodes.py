"""The nodes of a site that is held by several: who they are, where, and how another one joins."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from console.site.address import SiteError
from console.site.node.papers import Papers, new_change
from console.site.security.members import Member, MemberId
from console.site.security.pki import MAX_PEM_BYTES, Authority, MemberName, new_generation
from console.site.security.private import read_private, write_private

REPLICAS: Final = 3
"""So many nodes hold the log. With fewer enrolled the first of them holds it alone."""
MAX_NODES: Final = 7
MAX_FILE_BYTES: Final = 65_536
NodeUrl = Annotated[str, Meta(pattern=r"^(tls://\S{1,200})?$")]
Pem = Annotated[str, Meta(max_length=MAX_PEM_BYTES)]
Ulid = Annotated[str, Meta(min_length=26, max_length=26)]


class Node(msgspec.Struct, frozen=True):
    """``url`` is for desks, ``route`` for the other nodes, both empty until it has come up for the
    first time. Of two entries the one ``changed`` last stands. ``founded`` is when it became one:
    the first founded holds the log until there are enough."""

    name: MemberId
    generation: Annotated[str, Meta(pattern="^[0-9a-f]{12}$")]
    founded: Ulid
    changed: Ulid
    url: NodeUrl = ""
    route: NodeUrl = ""

    @property
    def user(self) -> str:
        return MemberName(self.name, "site", self.generation).user


class Nodes(msgspec.Struct, frozen=True):
    """``<home>/site/nodes.json``. A home without one is a site of its own."""

    nodes: Annotated[tuple[Node, ...], Meta(max_length=MAX_NODES)] = ()
    v: Literal[1] = 1

    @classmethod
    def load(cls, path: Path) -> Nodes:
        """Raises SiteError."""
        try:
            return msgspec.json.decode(read_private(path, MAX_FILE_BYTES), type=cls)
        except FileNotFoundError:
            return cls()
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            raise SiteError(f"the list of nodes {path} can't be read ({error})") from error

    def save(self, path: Path) -> None:
        write_private(path, msgspec.json.format(msgspec.json.encode(self)).decode())

    def merged(self, others: Iterable[Node]) -> Nodes:
        """Raises SiteError when there are too many."""
        known = {node.name: node for node in self.nodes}
        for node in others:
            if node.name not in known or known[node.name].changed < node.changed:
                known[node.name] = node
        if len(known) > MAX_NODES:
            raise SiteError(f"a site has at most {MAX_NODES} nodes")
        return Nodes(tuple(sorted(known.values(), key=lambda node: node.founded)))

    @property
    def are_enough(self) -> bool:
        """To hold the log together."""
        return sum(bool(node.route) for node in self.nodes) >= REPLICAS

    def others(self, name: str) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.name != name)

    def holds_log(self, name: str) -> bool:
        """Whether this node has a server of its own."""
        return self.are_enough or not self.nodes or self.nodes[0].name == name


class NodePack(msgspec.Struct, frozen=True):
    """What makes a home a node of a site, under the name ``me``. Who has it is the site: it goes to
    nobody else. The members are told by the other nodes."""

    site: Annotated[str, Meta(min_length=1, max_length=63)]
    me: Node
    ca: Pem
    ca_key: Pem
    routes_ca: Pem
    routes_key: Pem
    nodes: Annotated[tuple[Node, ...], Meta(min_length=1, max_length=MAX_NODES)]
    v: Literal[1] = 1


def nodes_file(folder: Path) -> Path:
    return folder / "nodes.json"


def new_node() -> Node:
    now = new_change()
    return Node(f"node-{secrets.token_hex(3)}", new_generation(), founded=now, changed=now)


def pack(papers: Papers, nodes: Nodes, me: Node, site: str) -> NodePack:
    """For the home that is to be ``me``, which the site's servers let in already."""
    ours, routes = papers.authority, papers.routes_authority()
    return NodePack(site, me, ours.pem, ours.key_pem, routes.pem, routes.key_pem, nodes.nodes)


def join(folder: Path, given: NodePack) -> None:
    """Make the home with this ``site`` folder a node of the site; ``vaktbord site`` then starts it.
    Raises SiteError, OSError; a home that is a site already stays as it is."""
    if (folder / "pki" / "ca.pem").exists():
        raise SiteError(f"{folder} is a site already; name another --home")
    for name, ca, key in (
        ("pki-routes", given.routes_ca, given.routes_key),
        ("pki", given.ca, given.ca_key),
    ):
        write_private(folder / name / "ca-key.pem", key)
        write_private(folder / name / "ca.pem", ca)
        Authority.load(folder / name)  # raises when they don't fit together
    Papers.found(folder, MemberName(given.me.name, "site", given.me.generation))
    Nodes(given.nodes).save(nodes_file(folder))
    write_private(folder / "name", given.site)


def digest(members: Iterable[Member], nodes: Iterable[Node]) -> str:
    """Two nodes with the same know the same."""
    rows = [f"member {one.name} {one.changed}" for one in members]
    rows += [f"node {one.name} {one.changed}" for one in nodes]
    rows.sort()
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
