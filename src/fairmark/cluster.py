"""A dask.distributed cluster, seen as an executor of the standard library."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import fairmark

CONNECT_SECONDS = 10
FEWEST_JOBS = 32
"""Tasks held ready for a cluster that may still grow."""


class ClusterError(Exception):
    """The cluster can't do this course's work; the message says why and what to do."""


@dataclass(frozen=True)
class Cluster:
    """Workers elsewhere."""

    executor: Executor
    threads: int
    """Tasks its workers run at once as it is now: 0 if none has come yet."""

    @property
    def jobs(self) -> int:
        """Return how many notebooks to have under way: enough that no worker waits for this machine."""
        return max(2 * self.threads, FEWEST_JOBS)


@contextmanager
def connected(address: str) -> Iterator[Cluster]:
    """Connect to the scheduler at ``address``, such as "tcp://10.0.0.1:8786"; raises ClusterError if that fails.

    Certificates for "tls://" are those of dask's own configuration.
    """
    try:
        import dask
        from distributed import Client
    except ImportError:
        raise ClusterError("a cluster needs dask.distributed: pip install 'fairmark[cluster]'") from None
    # A notebook may come with megabytes of files, and there is no other place for them.
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"}):
        try:
            # A client that can't connect is slow to give up and prints much: knock before it is made.
            asyncio.run(_knock(address))
            client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            raise ClusterError(f"no dask scheduler answers at {address} ({reason})") from None
        with client:
            _check_installed(client)
            # Equal tasks of different batches are different tasks: the evidence goes to whoever asked.
            yield Cluster(client.get_executor(pure=False), sum(client.nthreads().values()))


def _check_installed(client: Any) -> None:
    """Raise ClusterError if a machine lacks fairmark: dask would only lose one worker after the other."""
    try:
        client.run_on_scheduler(_version)
        client.run(_version)
    except ModuleNotFoundError:
        raise ClusterError("the cluster lacks fairmark: install it where the scheduler and each worker run") from None


def _version() -> str:
    return fairmark.__version__


async def _knock(address: str) -> None:
    """Connect to whatever listens at ``address`` and hang up."""
    from distributed.comm import connect
    from distributed.security import Security

    connection = await connect(address, timeout=CONNECT_SECONDS, **Security().get_connection_args("client"))
    await connection.close()
