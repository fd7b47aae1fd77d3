"""Programs whose output only matters when they fail."""

import os
import subprocess
import tempfile
from pathlib import Path

import console
import steps


def run(*command: object, cwd: Path | None = None, **variables: str) -> None:
    """Run the program; stop with what it printed if it fails."""
    words = [str(word) for word in command]
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        done = subprocess.run(
            words,
            cwd=cwd,
            env=os.environ | variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=steps.held(),
        )
        if done.returncode:
            output.seek(0)
            raise console.StopError(
                f"{output.read()}\nThis command failed: {' '.join(words)}"
            )
