"""What is wanted, what was measured, and whether that is enough."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.report_sections import table


@dataclass(frozen=True)
class Target:
    """One row: ``is_reached`` is None where it was not measured."""

    name: str
    wanted: str
    measured: str
    is_reached: bool | None


def at_least(name: str, wanted: float, measured: float, form: str = "{:.2f}") -> Target:
    """Return the target that a figure should reach."""
    return Target(name, f"≥ {form.format(wanted)}", form.format(measured), measured >= wanted)


def at_most(name: str, wanted: float, measured: float, form: str = "{:.2f}") -> Target:
    """Return the target that a figure should not pass."""
    return Target(name, f"≤ {form.format(wanted)}", form.format(measured), measured <= wanted)


def not_measured(name: str, wanted: str, why: str) -> Target:
    """Return a target about which this run says nothing."""
    return Target(name, wanted, why, None)


def targets_table(targets: Sequence[Target]) -> str:
    """Return the table of all targets."""
    told = {True: "reached", False: "**not reached**", None: "not measured"}
    rows = [[each.name, each.wanted, each.measured, told[each.is_reached]] for each in targets]
    return table(["target", "wanted", "measured", ""], rows)
