"""The table of stages."""

import pathlib

from serial_traceability.core.epcis import BIZ_STEPS, DISPOSITIONS
from serial_traceability.core.epcis.event import ACTIONS
from serial_traceability.core.lifecycle import STAGES
from serial_traceability.core.movement import RULES


def test_stages_speak_the_core_business_vocabulary():
    for stage in STAGES.values():
        assert stage.biz_step in BIZ_STEPS, stage.name
        assert stage.disposition in {None, *DISPOSITIONS}, stage.name
        assert stage.action in ACTIONS, stage.name


def test_no_stage_has_the_name_of_a_movement():
    assert STAGES.keys().isdisjoint(rule.name for rule in RULES)


def test_the_documentation_shows_the_same_table():
    page = pathlib.Path(__file__).parents[3] / "docs" / "events.md"
    section = page.read_text().split("## What happens without a movement")[1]
    rows = [
        [cell.strip() for cell in line.strip("|\n").split("|")]
        for line in section.split("\n## ")[0].splitlines()
        if line.startswith("| `")
    ]
    assert [(row[0].strip("`"), row[2], row[3], row[4]) for row in rows] == [
        (stage.name, stage.action, stage.biz_step, stage.disposition or "")
        for stage in STAGES.values()
    ]
