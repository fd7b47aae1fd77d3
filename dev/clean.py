"""``make clean``: stops what was started and removes what was cached."""

import shutil

import console
import environment
import paths
import postgres


def main() -> int:
    """Remove the private server, our databases on a given one, and the cache."""
    if postgres.is_given() and environment.is_inside():
        import databases

        databases.drop_templates()
    postgres.remove()
    console.progress(f"Removing {paths.CACHE}")
    shutil.rmtree(paths.CACHE, ignore_errors=True)
    for name in (".pytest_cache", ".ruff_cache", ".hypothesis"):
        shutil.rmtree(paths.ROOT / name, ignore_errors=True)
    return 0
