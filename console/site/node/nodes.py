"""The nodes of a site that is held by several: who they are, where, and how another one joins."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from console.site.address import SiteError
from console.site.node.papers import new_change
from console.site.security.members import Member, MemberId
from console.site.security.persons import Person
from console.site.security.pki import MemberName, new_generation
from console.site.security.private import read_private, write_private

REPLICAS: Final = 3
"""So many nodes hold the log. With fewer enrolled the first of them holds it alone."""
MAX_NODES: Final = 7
FULL: Final = (
    f"a site has at most {MAX_NODES} nodes: `vaktbord site --nodes` shows them, and "
    "`--remove-node` takes out who is there no more"
)
MAX_GONE: Final = 32
"""Nodes that were taken out, the last ones, so that no older entry brings them back."""
MAX_ENTRIES: Final = MAX_NODES + MAX_GONE
MAX_FILE_BYTES: Final = 65_536
NodeUrl = Annotated[str, Meta(pattern=r"\A(tls://\S{1,200})?\Z")]
Ulid = Annotated[str, Meta(min_length=26, max_length=26)]
Pin = Annotated[str, Meta(pattern=r"\A([0-9a-f]{64})?\Z")]


class Node(msgspec.Struct, frozen=True):
    """``url`` is for desks, ``route`` for the other nodes, both empty until it has come up for the
    first time; ``pin`` is the SHA-256 of the public key that it shows there: they let in no other
    keys. Of two entries the one ``changed`` last stands, but who was ``removed`` stays it.
    ``founded`` is when it became one: the first founded holds the log until there are enough.
    ``positions`` are the members that its home is without a code, taken out with it."""

    name: MemberId
    generation: Annotated[str, Meta(pattern=r"\A[0-9a-f]{12}\Z")]
    founded: Ulid
    changed: Ulid
    url: NodeUrl = ""
    route: NodeUrl = ""
    pin: Pin = ""
    positions: Annotated[tuple[MemberId, ...], Meta(max_length=4)] = ()
    removed: bool = False

    @property
    def user(self) -> str:
        return MemberName(self.name, "site", self.generation).user


class Nodes(msgspec.Struct, frozen=True):
    """``<home>/site/nodes.json``: also those that were taken out. A home without one is a site of
    its own. ``formed``: once there were enough, and the log is the cluster's for good."""

    nodes: Annotated[tuple[Node, ...], Meta(max_length=MAX_ENTRIES)] = ()
    formed: bool = False
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

    def merged(self, others: Iterable[Node], *, formed: bool = False) -> Nodes:
        """Raises SiteError when there are too many."""
        known = {node.name: node for node in self.nodes}
        for node in others:
            if node.name not in known or _stands(node, known[node.name]):
                known[node.name] = node
        here = [node for node in known.values() if not node.removed]
        if len(here) > MAX_NODES:
            raise SiteError(FULL)
        gone = [node for node in known.values() if node.removed]
        gone = sorted(gone, key=lambda node: node.changed)[-MAX_GONE:]
        return Nodes(
            tuple(sorted((*here, *gone), key=lambda node: node.founded)),
            self.formed or formed or sum(bool(node.route) for node in here) >= REPLICAS,
        )

    @property
    def present(self) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if not node.removed)

    def find(self, name: str) -> Node | None:
        """One that wasn't taken out."""
        return next((node for node in self.present if node.name == name), None)

    def is_removed(self, name: str) -> bool:
        return any(node.removed for node in self.nodes if node.name == name)

    def others(self, name: str) -> tuple[Node, ...]:
        return tuple(node for node in self.present if node.name != name)

    def holds_log(self, name: str) -> bool:
        """Whether this node has a server of its own."""
        return self.formed or not self.present or self.holds_log_first(name)

    def holds_log_first(self, name: str) -> bool:
        """Whether this node holds it while it is alone, and then brings it to the others."""
        return bool(self.present) and self.present[0].name == name


def _stands(new: Node, old: Node) -> bool:
    """Who was taken out is, also when it says later that it is there."""
    return (new.removed, new.changed) > (old.removed, old.changed)


class KnownNode(msgspec.Struct, frozen=True):
    """As a node sees one. ``answers``: it has said something within seconds."""

    name: str
    url: str
    answers: bool
    me: bool = False
    removed: bool = False


def nodes_file(folder: Path) -> Path:
    return folder / "nodes.json"


def new_name() -> str:
    return f"node-{secrets.token_hex(3)}"


def new_node(name: str) -> Node:
    now = new_change()
    return Node(name, new_generation(), founded=now, changed=now)


def digest(members: Iterable[Member], nodes: Nodes, persons: Iterable[Person], policy: str) -> str:
    """Two nodes with the same know the same. ``policy``: when it was changed."""
    named = chain(
        (("member", one.name, one.changed) for one in members),
        (("node", one.name, one.changed) for one in nodes.nodes),
        (("person", one.name, one.changed) for one in persons),
        (("formed", "", str(nodes.formed)), ("policy", "", policy)),
    )
    return hashlib.sha256("\n".join(sorted(map(repr, named))).encode()).hexdigest()
