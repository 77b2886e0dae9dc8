"""A nats-server with the plainest configuration, for what is asked of the server itself."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from console.site.node.server import server_binary
from tests.ports import free_port

from .conftest import wait_for


@contextlib.contextmanager
def running(
    folder: Path, jetstream: Sequence[str] = (), environment: Mapping[str, str] | None = None
) -> Iterator[str]:
    """On ``folder``/store, with more lines in the block ``jetstream``. Its address."""
    folder.mkdir(exist_ok=True)
    port = free_port("127.0.0.1")
    lines = ["host: 127.0.0.1", f"port: {port}", f'log_file: "{folder / "nats.log"}"']
    lines += ["jetstream {", f'  store_dir: "{folder / "store"}"', "  sync_interval: always"]
    config = folder / "nats.conf"
    config.write_text("\n".join([*lines, *jetstream, "}"]))
    process = subprocess.Popen(
        [server_binary(), "-c", str(config)], env={**os.environ, **(environment or {})}
    )
    try:
        wait_for(lambda: asyncio.run(_has_jetstream(port)), "the server")
        yield f"nats://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


async def _has_jetstream(port: int) -> bool:
    """What a NATS server says first."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    banner = json.loads((await reader.readline()).removeprefix(b"INFO ") or b"{}")
    writer.close()
    return bool(banner.get("jetstream"))


def on_disk(folder: Path) -> bytes:
    """All bytes of the store."""
    found = b""
    for file in (folder / "store").rglob("*"):
        with contextlib.suppress(FileNotFoundError):  # the server works on
            found += file.read_bytes() if file.is_file() else b""
    assert found
    return found
