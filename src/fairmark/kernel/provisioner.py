"""A Jupyter kernel provisioner whose kernels are forked from the zygote."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import KernelProvisionerBase
from traitlets import Unicode

from fairmark.kernel.isolation import SOCKETS
from fairmark.kernel.nursery import Newborn, nursery

_POLL_SECONDS = 0.01


class ZygoteProvisioner(KernelProvisionerBase):  # type: ignore[misc]
    """Forks kernels from the zygote of an open nursery, each into a room of its own."""

    folder = Unicode(help="Where an open nursery lives.")
    room = Unicode(help="The kernel's room, a folder of the nursery's.")
    newborn: Newborn | None = None

    @property
    def has_process(self) -> bool:
        """Has a kernel been forked?"""
        return self.newborn is not None

    @property
    def pid(self) -> int | None:
        """Its process id, as this process sees it."""
        return self.newborn.pid if self.newborn else None

    async def poll(self) -> int | None:
        """Return the exit code of a kernel that has ended, None of one that runs."""
        return self.newborn.poll() if self.newborn else 0

    async def wait(self) -> int | None:
        """Wait until the kernel has ended; return its exit code."""
        while (code := await self.poll()) is None:
            await asyncio.sleep(_POLL_SECONDS)
        return code

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel, if it runs."""
        if self.newborn and self.newborn.poll() is None:
            try:
                os.kill(self.newborn.pid, signum)
            except ProcessLookupError:
                return

    async def kill(self, restart: bool = False) -> None:
        """End the kernel and, with its namespace, all its processes."""
        await self.send_signal(signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:
        """End the kernel: process 1 of a namespace heeds no SIGTERM."""
        await self.kill(restart)

    async def cleanup(self, restart: bool = False) -> None:
        """Close the line; the room belongs to the nursery."""
        if self.newborn:
            self.newborn.close()

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Let the manager write its connection file, where no kernel can read it."""
        kwargs.pop("extra_arguments", None)
        self.parent.write_connection_file()
        self.connection_info = self.parent.get_connection_info()
        prepared: dict[str, Any] = await super().pre_launch(cmd=[], **kwargs)
        return prepared

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork the kernel; returns its connection info."""
        room = Path(self.room)
        told = {key: _text(value) for key, value in self.connection_info.items()}
        told["ip"] = str(SOCKETS / Path(told["ip"]).name)
        self.newborn = nursery(self.folder).fork(room, told)
        return self.connection_info


def _text(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value
