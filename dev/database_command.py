"""``dev/database``: make, list, drop and open databases."""

import argparse

import databases


def main(*arguments: str) -> int:
    """Run one of the sub-commands."""
    options = _parser().parse_args(arguments)
    if options.action == "list":
        print("\n".join(databases.names()))
    elif options.action == "new":
        databases.new(options.name, demo=options.demo, bridged=options.bridged)
    elif options.action == "copy":
        databases.drop(options.name)
        databases.copy(options.source, options.name)
    elif options.action == "drop":
        databases.drop(options.name)
    else:
        return databases.psql(options.name)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev/database", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("list", help="print the names")
    new = actions.add_parser("new", help="make one with the dependencies installed")
    new.add_argument("name")
    kind = new.add_mutually_exclusive_group()
    kind.add_argument("--demo", action="store_true", help="with Odoo's demo data")
    kind.add_argument("--bridged", action="store_true", help="with the bridges' apps")
    copy = actions.add_parser("copy", help="copy one with its files")
    copy.add_argument("source")
    copy.add_argument("name")
    actions.add_parser("drop", help="delete one").add_argument("name")
    actions.add_parser("psql", help="open psql on one").add_argument("name")
    return parser
