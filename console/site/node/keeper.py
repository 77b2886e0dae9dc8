"""A node's nats-server kept running, in the form that the site's known nodes ask for.

One node alone: a server of its own. Fewer than three nodes: the first founded holds the log, the
others come in at it and wait. Three or more: each runs a server of the cluster. The form changes
while it runs, when the nodes become enough.
"""

from __future__ import annotations

import logging
import socket
import threading
from pathlib import Path
from typing import Final

import msgspec

from console.site.address import MAX_URLS, SiteAddress, SiteError, SitePlace
from console.site.node.control import reload
from console.site.node.nodes import Node, NodePack, Nodes, new_node, nodes_file, pack
from console.site.node.options import EVERYWHERE, SiteOptions
from console.site.node.papers import Papers, kept_port, new_change
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
        self.cluster: ClusterConfig | None = None
        self.port = 0

    @property
    def me(self) -> str:
        return self._papers.node.name

    @property
    def replicas(self) -> int:
        return 3 if self.nodes.are_enough else 1

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

    def restart(self) -> None:
        """On the disk that there is, where it was if that can be had. Raises SiteError, OSError."""
        with self._lock:
            self._stop_server()
            self._start_server()

    def tell(self) -> None:
        """The members have changed. Raises SiteError, OSError."""
        with self._lock:
            if self.server is None:
                return
            running = self.server.config
            self.server.write(self._config(running.name, clustered=running.cluster is not None))
            if not self.server.has_ended():  # else it reads them when it is started again
                reload(url_of(reachable(self._host), self.port), self._papers.system)

    def learn(self, nodes: tuple[Node, ...]) -> bool:
        """What another node knows of nodes. True when it was new. Raises SiteError, OSError."""
        with self._lock:
            merged = self.nodes.merged(nodes)
            if merged == self.nodes:
                return False
            self.nodes = merged
            merged.save(nodes_file(self._folder))
            return True

    def admit(self) -> NodePack:
        """Let another home be a node; its name is let in here from now on, and by the other nodes
        as they learn of it. Raises SiteError, OSError."""
        with self._lock:
            if not self.nodes.nodes:
                raise SiteError("this site has one node; start it with `vaktbord site --cluster`")
            fresh = new_node()
            self.learn((fresh,))
            self.tell()
            return pack(self._papers, self.nodes, fresh, self._options.name)

    def is_out_of_form(self) -> bool:
        """Whether the server is to be started, or started anew as one of a cluster."""
        with self._lock:
            if self.server is None:
                return self.nodes.holds_log(self.me)
            return self.nodes.are_enough and self.server.config.cluster is None

    # -- making ---------------------------------------------------------------------------

    def _start_server(self) -> None:
        """Another program may take the free port before the server does: try again."""
        for tries_left in reversed(range(START_TRIES)):
            self.port = free_port(self._host, self.port)
            clustered = self.nodes.are_enough
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
        routes = tuple(node.route for node in self.nodes.others(self.me) if node.route)
        return msgspec.structs.replace(self.cluster, routes=routes)

    def _found(self) -> None:
        """Be a node, at the addresses of today. Raises SiteError, OSError."""
        address = own_address(self._host)
        route_port = free_port(self._host, kept_port(self._folder / "route-port"))
        write_private(self._folder / "name", self._options.name)
        write_private(self._folder / "route-port", str(route_port))
        write_private(self._folder / "port", str(self.port))
        self.cluster = ClusterConfig(
            name=self._papers.authority.site_id[:16],
            host=self._host,
            port=route_port,
            advertise=f"{address}:{route_port}",
            client_advertise=f"{address}:{self.port}",
            tls=self._papers.routes((address,)),
            routes=(),
        )
        known = {node.name: node for node in self.nodes.nodes}.get(self.me)
        now = new_change()
        named = pki.member_named(self._papers.node.certificate())
        assert named is not None
        node = Node(
            name=self.me,
            generation=named.generation,
            url=url_of(address, self.port),
            route=url_of(address, route_port),
            founded=known.founded if known is not None else now,
            changed=known.changed if known is not None else now,
        )
        if node != known:
            self.learn((msgspec.structs.replace(node, changed=now),))


def own_address(host: str) -> str:
    """Where other machines find this one: the address it would call them from."""
    if host != EVERYWHERE:
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(SOMEWHERE)
        except OSError:
            return reachable(host)
        return str(probe.getsockname()[0])
