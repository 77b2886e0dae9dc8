"""A node's nats-server kept running, in the form that the site's known nodes ask for.

One node alone: a server of its own. Fewer than three nodes: the first founded holds the log, the
others come in at it and wait. Three or more: each runs a server of the cluster. The form changes
while it runs, when the nodes become enough.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
from ulid import ULID

from console.site.address import MAX_URLS, SiteAddress, SiteError, SitePlace
from console.site.node.control import reload
from console.site.node.joining import NodePack, pack
from console.site.node.moving import MOVED_FILE
from console.site.node.nodes import FULL, MAX_NODES, REPLICAS, Node, Nodes, new_node, nodes_file
from console.site.node.options import EVERYWHERE, SiteOptions
from console.site.node.papers import Papers, kept_port, new_change
from console.site.node.replicas import Lacking, forget_copy
from console.site.node.server import (
    ClusterConfig,
    ExternalServer,
    NatsServer,
    Region,
    ServerConfig,
    free_port,
    new_name,
    reachable,
    url_of,
)
from console.site.node.storekey import CLUSTER_STORE, STORE
from console.site.security import pki
from console.site.security.private import write_private

log = logging.getLogger(__name__)

START_TRIES: Final = 3
SOMEWHERE: Final = ("192.0.2.1", 9)  # RFC 5737: nothing is sent there


class ServerKeeper:
    """``close`` and ``restart`` belong to the node's main thread, the rest to any."""

    def __init__(self, options: SiteOptions, folder: Path, papers: Papers) -> None:
        self._options = options
        self._folder = folder
        self._papers = papers
        self._host = options.host
        self._lock = threading.RLock()
        self.nodes = Nodes.load(nodes_file(folder))
        self.server: NatsServer | None = None
        self._is_told = True
        self.cluster: ClusterConfig | None = None
        self.port = 0

    @property
    def me(self) -> str:
        return self._papers.node.name

    @property
    def replicas(self) -> int:
        return REPLICAS if self.nodes.formed else 1

    def address(self) -> SiteAddress:
        """Our own way in: this node's server first, then the others'."""
        own = (url_of(reachable(self._host), self.port),) if self.server is not None else ()
        urls = (*own, *(node.url for node in self.nodes.others(self.me) if node.url))
        site = self._papers.authority.site_id
        return SiteAddress(SitePlace(urls[:MAX_URLS], self._options.name, site), self._papers.node)

    def start(self) -> None:
        """Raises SiteError, OSError."""
        with self._lock:
            self.port = free_port(self._host, kept_port(self._folder / "port"))
            write_private(self._folder / "name", self._options.name)
            if self._options.cluster or self.nodes.nodes:
                self._found()
            if self.nodes.holds_log(self.me):
                self._start_server()

    def close(self) -> None:
        with self._lock:
            if self.server is not None:
                self.server.stop()
                self.server = None

    def has_ended(self) -> bool:
        return self.server is not None and self.server.has_ended()

    def restart(self, without: Sequence[Lacking] = ()) -> None:
        """On the disk that there is, where it was if that can be had; ``without`` these copies of
        the log, which the other nodes have. Raises SiteError, OSError."""
        with self._lock:
            self._stop_server()
            for one in without:
                try:
                    forget_copy(self._folder / CLUSTER_STORE, one)
                except (SiteError, OSError):  # the server comes back with what it has
                    log.exception("the copy of %s can't be made anew", one.stream)
            self._start_server()

    def tell(self) -> None:
        """The members or the nodes have changed. Raises SiteError, OSError; :meth:`tell_again`
        makes up for it."""
        with self._lock:
            self._is_told = self.server is None
            if self.server is None:
                return
            running = self.server.config
            self.server.write(self._config(running.name, clustered=running.cluster is not None))
            if not self.server.has_ended():  # else it reads them when it is started again
                reload(url_of(reachable(self._host), self.port), self._papers.system)
            self._is_told = True

    def tell_again(self) -> None:
        """What could not be told: who was taken out may still be in. Raises SiteError, OSError."""
        with self._lock:
            if not self._is_told:
                self.tell()

    def learn(self, nodes: tuple[Node, ...], *, formed: bool = False) -> bool:
        """What another node knows of nodes. True when it was new. Raises SiteError, OSError."""
        with self._lock:
            merged = self.nodes.merged(nodes, formed=formed)
            if merged == self.nodes:
                return False
            self.nodes = merged
            merged.save(nodes_file(self._folder))
            return True

    def expect(self) -> None:
        """Other homes may become nodes from now on. Raises SiteError, OSError."""
        with self._lock:
            if not self.nodes.nodes:
                self._found()
            if len(self.nodes.present) >= MAX_NODES:
                raise SiteError(FULL)

    def admit(self, name: str) -> NodePack:
        """Let another home be a node; its name is let in here from now on, and by the other nodes
        as they learn of it. Raises SiteError, OSError."""
        with self._lock:
            self.expect()
            fresh = new_node(name)
            self.learn((fresh,))
            self.tell()
            return pack(self._folder, self._papers, self.nodes, fresh, self._options.name)

    def take_out(self, node: Node) -> None:
        """It is let in no more here, and by the other nodes as they learn of it. Raises SiteError,
        OSError."""
        with self._lock:
            self.learn((msgspec.structs.replace(node, removed=True, changed=later(node.changed)),))
            self.tell()

    @property
    def is_removed(self) -> bool:
        """Another node has taken this one out."""
        return self.nodes.is_removed(self.me)

    def has_log_of(self, name: str) -> bool:
        """Whether what that node held alone, if it did, is the cluster's by now."""
        return not self.nodes.holds_log_first(name) or (self._folder / MOVED_FILE).exists()

    @property
    def is_clustered(self) -> bool:
        """Whether our server is one of a cluster just now."""
        server = self.server
        return server is not None and server.config.cluster is not None

    def own_server(self) -> SiteAddress:
        """This node's server, asked of its own affairs."""
        site = self._papers.authority.site_id
        urls = (url_of(reachable(self._host), self.port),)
        return SiteAddress(SitePlace(urls, self._options.name, site), self._papers.system)

    def is_out_of_form(self) -> bool:
        """Whether the server is to be started, or started anew as one of a cluster."""
        with self._lock:
            if self.server is None:
                return self.nodes.holds_log(self.me)
            return self.nodes.formed and self.server.config.cluster is None

    # -- making ---------------------------------------------------------------------------

    def _start_server(self) -> None:
        """Another program may take the free port before the server does: try again."""
        for tries_left in reversed(range(START_TRIES)):
            self.port = free_port(self._host, self.port)
            clustered = self.nodes.formed
            lasting = clustered or self._options.external
            config = self._config(self.me if lasting else new_name(), clustered=clustered)
            make = ExternalServer if self._options.external else NatsServer
            server = make(config, self._papers.node)
            try:
                server.start()
            except SiteError:
                if not tries_left:
                    raise
                self.port = 0
                continue
            self.server = server  # from now on `close` ends it, also when the disk is full
            write_private(self._folder / "port", str(self.port))
            return

    def _stop_server(self) -> None:
        if self.server is not None:
            self.server.stop()
            self.server = None

    def _config(self, name: str, *, clustered: bool) -> ServerConfig:
        papers = self._papers
        return ServerConfig(
            folder=self._folder,
            host=self._host,
            port=self.port,
            name=name,
            tls=papers.server,
            node=papers.user(papers.node),
            system=papers.user(papers.system),
            members=tuple(papers.members.present()),
            nodes=tuple(node.user for node in self.nodes.others(self.me)),
            cluster=self._clustered() if clustered else None,
            store=CLUSTER_STORE if clustered else STORE,
            region=Region.load(self._folder),
        )

    def _clustered(self) -> ClusterConfig:
        assert self.cluster is not None
        others = self.nodes.others(self.me)
        return msgspec.structs.replace(
            self.cluster,
            routes=tuple(node.route for node in others if node.route),
            pins=tuple(node.pin for node in others if node.pin),
        )

    def _found(self) -> None:
        """Be a node, at the addresses of today. Raises SiteError, OSError."""
        address = own_address(self._host)
        route_port = free_port(self._host, kept_port(self._folder / "route-port"))
        write_private(self._folder / "route-port", str(route_port))
        write_private(self._folder / "port", str(self.port))
        tls = self._papers.routes((address,))
        self.cluster = ClusterConfig(
            name=self._papers.authority.site_id[:16],
            host=self._host,
            port=route_port,
            advertise=f"{address}:{route_port}",
            client_advertise=f"{address}:{self.port}",
            tls=tls,
            routes=(),
        )
        known = self.nodes.find(self.me)
        now = new_change()
        named = pki.member_named(self._papers.node.certificate())
        assert named is not None
        node = Node(
            name=self.me,
            generation=named.generation,
            url=url_of(address, self.port),
            route=url_of(address, route_port),
            pin=pki.pin_of(pki.load_certificate(tls.certificate.read_text(encoding="ascii"))),
            founded=known.founded if known is not None else now,
            changed=known.changed if known is not None else now,
            positions=self._papers.positions,
        )
        if node != known:
            changed = later(known.changed) if known is not None else now
            self.learn((msgspec.structs.replace(node, changed=changed),))


def own_address(host: str) -> str:
    """Where other machines find this one: the address it would call them from, also where nothing
    leads out of the network."""
    if host != EVERYWHERE:
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(SOMEWHERE)
            return str(probe.getsockname()[0])
        except OSError:
            from console.streams.mdns import own_addresses  # noqa: PLC0415  # zeroconf: rarely

            outward = [one for one in own_addresses(None) if ":" not in one]
            return outward[0] if outward else reachable(host)


def later(than: str) -> str:
    """A ULID of now that is greater, also when the clock was set back since."""
    return max(new_change(), str(ULID.from_int(int(ULID.from_str(than)) + 1)))
