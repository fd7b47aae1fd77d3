"""``make shell``: Odoo's Python shell on the demo database."""

import os

import demo
import environment
import odoo_process


def main() -> int:
    """Become the shell."""
    words = odoo_process.command("shell", "-d", demo.prepare(), "--no-http")
    os.execve(words[0], words, environment.variables())
