"""``make test``: all steps, or those that are named."""

import os
import time

import addon_tests
import console
import core_tests
import lint
import results
import system
import wheels

_STEPS = {
    "lint": lint.run,
    "core": core_tests.run,
    "addon": lambda: addon_tests.run_addon(os.environ.get("TAGS", "")),
    "test_lint": addon_tests.run_lint,
    "wheels": wheels.run,
}


def main(*names: str) -> int:
    """Run the steps and tell how they went."""
    wanted = names or tuple(_STEPS)
    if "addon" in wanted:
        system.need_chromium()
    return results.tell([_run(name) for name in wanted])


def _run(name: str) -> results.Result:
    console.progress(f"Step {name}")
    began = time.monotonic()
    try:
        result = _STEPS[name]()
    except console.StopError as error:
        result = results.Result(name, failures=[str(error)])
    result.seconds = time.monotonic() - began
    console.progress(str(result))
    return result
