"""Keep child processes running, and stop them in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field

GRACE = 20.0
LONGEST_PAUSE = 10.0


@dataclass
class Child:
    """A child process, when it last started, and how long to wait before the next start."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 0.5
    due: float = 0.0


@dataclass
class Supervisor:
    """Starts children, restarts those that die (with growing pauses), and stops them all."""

    commands: dict[str, list[str]]
    children: list[Child] = field(default_factory=list)
    stopping: bool = False
    tend: Callable[[], None] | None = None  # called each second, for what is not a child
    tended: float = 0.0

    def start(self) -> None:
        """Start every child and take over Ctrl-C and SIGTERM."""
        signal.signal(signal.SIGINT, self._signalled)
        signal.signal(signal.SIGTERM, self._signalled)
        for name, command in self.commands.items():
            child = Child(name, command)
            self.children.append(child)
            self._launch(child)

    def _launch(self, child: Child) -> None:
        # A session of its own, so that Ctrl-C in the terminal reaches only the supervisor.
        child.process = subprocess.Popen(child.command, start_new_session=True)  # noqa: S603
        child.started = time.monotonic()

    def _signalled(self, _number: int, _frame: object) -> None:
        self.stopping = True

    def wait_until_ready(self, address: str, patience: float = 60.0) -> bool:
        """Return whether the address answers within `patience` seconds."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and not self.stopping:
            try:
                with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310
                    if answer.status == 200:
                        return True
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
            if any(child.process and child.process.poll() is not None for child in self.children):
                self.look_after()
        return False

    def watch(self) -> None:
        """Restart what dies until a signal comes."""
        while not self.stopping:
            self.look_after()
            time.sleep(0.2)

    def look_after(self) -> None:
        """Restart each dead child whose pause is over."""
        now = time.monotonic()
        if self.tend is not None and now - self.tended >= 1:
            self.tended = now
            self.tend()
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                code = child.process.returncode
                _end_group(child.process.pid)
                child.pause = (
                    0.5 if now - child.started > 30 else min(child.pause * 2, LONGEST_PAUSE)
                )
                child.due, child.process = now + child.pause, None
                message = f"{child.name} ended ({code}); starting it again in {child.pause:.1f} s"
                sys.stderr.write(message + "\n")
            elif child.process is None and now >= child.due:
                self._launch(child)

    def stop(self) -> None:
        """Ask every child to finish its work and end; kill what does not within GRACE seconds."""
        self.stopping = True
        running = [child.process for child in self.children if child.process]
        for process in running:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            _end_group(process.pid)


def _end_group(pid: int) -> None:
    """End what a dead child left behind, such as the workers of a killed web server."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
