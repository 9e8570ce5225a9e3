"""What one run of ctest found, read from the JUnit file that it writes."""

import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

# A test says by its exit status that this machine cannot run it; ctest then reports this text.
_SKIPPED = "SKIP_"


@dataclass(frozen=True)
class Outcome:
    name: str
    verdict: str  # passed, failed or skipped
    output: str


def read_report(path: Path) -> list[Outcome]:
    """A missing or cut file reads as no outcomes: the caller has the exit status of ctest."""
    try:
        cases = ElementTree.parse(path).getroot().iter("testcase")
    except (OSError, ElementTree.ParseError):
        return []
    return [Outcome(case.get("name", ""), _verdict(case), case.findtext("system-out") or "") for case in cases]


def _verdict(case: ElementTree.Element) -> str:
    status = case.get("status")
    if status == "run":
        return "passed"
    skipped = case.find("skipped")
    if skipped is not None and _SKIPPED in skipped.get("message", ""):
        return "skipped"
    return "failed"  # also what could not be started, and what is disabled
