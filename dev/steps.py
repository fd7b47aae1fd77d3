"""Steps that are done once, whole or not at all, and never by two runs at a time."""

import contextlib
import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import console
import paths

_DONE = ".complete"
_UNUSED = 30 * 24 * 60 * 60


_held: list[int] = []


@contextlib.contextmanager
def alone(name: str) -> Iterator[None]:
    """Hold the lock of that name; wait while another run holds it."""
    folder = paths.CACHE / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / name, "w") as lock:
        _acquire(lock.fileno(), name)
        _held.append(lock.fileno())
        try:
            yield
        finally:
            _held.remove(lock.fileno())


def _acquire(lock: int, name: str) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        console.progress(f"Another run is busy with {name}; waiting for it")
        fcntl.flock(lock, fcntl.LOCK_EX)


def held() -> tuple[int, ...]:
    """Return the locks to hand to a program that works for the step.

    If this process is killed, the program goes on for a while; with the lock in its
    hands it keeps the next run from working on the same folder.
    """
    return tuple(_held)


def is_done(target: Path) -> bool:
    """Say whether the folder was built to its end."""
    return (target / _DONE).exists()


def once(target: Path, build: Callable[[Path], None]) -> None:
    """Build the folder unless a run before this one finished it.

    The mark that it is complete is written last, so what an interrupted run left
    behind is thrown away. The folder is built in its final place because a virtual
    environment cannot be moved.
    """
    if is_done(target):
        return
    with alone(target.name):
        if is_done(target):
            return
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        build(target)
        replace(target / _DONE, "")


def mark_used(target: Path) -> None:
    """Remember that the folder is still wanted."""
    os.utime(target / _DONE)


def remove_unused(targets: Iterable[Path]) -> None:
    """Delete the finished folders that nobody has wanted for a month."""
    for target in targets:
        if is_done(target) and time.time() - _used(target) > _UNUSED:
            shutil.rmtree(target, ignore_errors=True)


def _used(target: Path) -> float:
    return (target / _DONE).stat().st_mtime


def replace(path: Path, text: str, mode: int = 0o644) -> None:
    """Write the file so that a reader sees the old text or the new, nothing between."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode)
    draft.chmod(mode)
    draft.write_text(text)
    draft.rename(path)
