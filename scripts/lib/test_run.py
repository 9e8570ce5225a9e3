"""Builds the presets, runs their tests and sums up. scripts/test calls it, from the project's root."""

import argparse
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from ctest_report import Outcome, read_report

LOGS = Path("build/test-logs")
TAIL_LINES = 60
JOBS = str(os.cpu_count() or 1)
# Tests with deadlines on real sockets share the machine with one other, never with as many as there are cores.
TEST_JOBS = "2"
TEST_TIMEOUT_S = "600"  # of a test that sets none

# A browser encodes and decodes video in software: two calls at once would starve each other.
ONE_AT_A_TIME = "^(browser|interop)$"
# Tests of the source text are the same in every build.
SOURCE_TEXT = "^source$"

ENVIRONMENT = os.environ | {
    "CTEST_OUTPUT_ON_FAILURE": "1",
    "UBSAN_OPTIONS": os.environ.get("UBSAN_OPTIONS", "print_stacktrace=1"),
    "SLUICE_FUZZ_SECONDS": os.environ.get("SLUICE_FUZZ_SECONDS", "5"),
}


@dataclass(frozen=True)
class TestSet:
    """One call of ctest in the build tree of `preset`."""

    name: str
    preset: str
    selection: list[str]
    jobs: str = TEST_JOBS


@dataclass
class Summary:
    outcomes: list[Outcome] = field(default_factory=list)

    def count(self, verdict: str) -> int:
        return sum(outcome.verdict == verdict for outcome in self.outcomes)


UNIT_AND_INTEGRATION = ["-L", "^(unit|integration)$"]
FULL_RUN = [
    TestSet("release", "release", ["-LE", ONE_AT_A_TIME]),
    TestSet("browser", "release", ["-L", ONE_AT_A_TIME], jobs="1"),
    TestSet("asan", "asan", [*UNIT_AND_INTEGRATION, "-LE", SOURCE_TEXT]),
    TestSet("fuzz", "fuzz", ["-L", "^fuzz$"]),
]


def main() -> int:
    options = parse_options()
    LOGS.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    summary = Summary()
    built = set()
    for test_set in plan(options):
        if test_set.preset not in built:
            built.add(test_set.preset)
            build(test_set.preset, summary)
        run_tests(test_set, summary)
    return conclude(summary, time.monotonic() - started)


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/test", description="Builds and runs the tests of the project.")
    parser.add_argument("--no-install", action="store_true", help="do not look for missing Debian packages")
    parser.add_argument("--quick", action="store_true", help="unit and integration tests of one build only")
    parser.add_argument("--label", action="append", metavar="L", help="only tests with this CTest label; may be repeated")
    parser.add_argument("--preset", choices=["release", "debug", "asan", "tsan", "fuzz"],
                        help="the build for --label or --quick (release)")
    options = parser.parse_args()
    if options.preset and not (options.label or options.quick):
        parser.error("--preset goes with --label or --quick")
    return options


def plan(options: argparse.Namespace) -> list[TestSet]:
    preset = options.preset or "release"
    if options.label:
        labels = "|".join(re.escape(label) for label in options.label)
        if labels == "fuzz":
            preset = "fuzz"
        return [TestSet("label", preset, ["-L", f"^({labels})$"])]
    if options.quick:
        return [TestSet("quick", preset, UNIT_AND_INTEGRATION)]
    return FULL_RUN


def build(preset: str, summary: Summary) -> None:
    # -k 0: what does not build must not hide the tests of what does; a test without its program counts as failed.
    log = LOGS / f"{preset}-build.log"
    started = time.monotonic()
    status = run(["cmake", "--preset", preset], log, "w")
    if status == 0:
        status = run(["cmake", "--build", "--preset", preset, "--parallel", JOBS, "--", "-k", "0"], log, "a")
    report_stage(f"build {preset}", "failed" if status else "done", started)
    if status:
        summary.outcomes.append(Outcome(f"build {preset}", "failed", log_tail(log)))


def run_tests(test_set: TestSet, summary: Summary) -> None:
    log = LOGS / f"{test_set.name}.log"
    junit = (LOGS / f"{test_set.name}.xml").absolute()
    junit.unlink(missing_ok=True)
    started = time.monotonic()
    status = run(["ctest", "--test-dir", f"build/{test_set.preset}", *test_set.selection, "--parallel", test_set.jobs,
                  "--timeout", TEST_TIMEOUT_S, "--no-tests=error", "--output-junit", str(junit)], log, "w")
    outcomes = read_report(junit)
    if status and all(outcome.verdict != "failed" for outcome in outcomes):
        outcomes.append(Outcome("ctest", "failed", log_tail(log)))  # no test of that label, or ctest itself fell
    outcomes = [Outcome(f"{test_set.name}: {outcome.name}", outcome.verdict, outcome.output) for outcome in outcomes]
    summary.outcomes += outcomes
    report_stage(f"test {test_set.name}", tally(outcomes), started)


def conclude(summary: Summary, seconds: float) -> int:
    for outcome in summary.outcomes:
        if outcome.verdict == "failed":
            print(f"\n--- {outcome.name} failed; its last lines:\n{last_lines(outcome.output)}")
    print(f"\nThe whole run took {seconds:.0f} s; logs are in {LOGS}/.")
    for verdict in ("skipped", "failed"):
        for outcome in summary.outcomes:
            if outcome.verdict == verdict:
                print(f"{verdict}: {outcome.name}")
    failed = summary.count("failed")
    # The last line is for machines: keep its form.
    print(f"{summary.count('passed')} passed, {failed} failed")
    return 1 if failed else 0


def run(command: list[str], log: Path, mode: str) -> int:
    with log.open(mode, encoding="utf-8") as out:
        print("$", *command, file=out, flush=True)
        return subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, env=ENVIRONMENT, check=False).returncode


def tally(outcomes: list[Outcome]) -> str:
    counts = [f"{sum(outcome.verdict == verdict for outcome in outcomes)} {verdict}" for verdict in ("passed", "failed")]
    return ", ".join(counts)


def report_stage(name: str, result: str, started: float) -> None:
    print(f"{name:<16} {result} ({time.monotonic() - started:.0f} s)", flush=True)


def log_tail(log: Path) -> str:
    return last_lines(log.read_text(encoding="utf-8", errors="replace"))


def last_lines(text: str) -> str:
    return "\n".join(text.rstrip().splitlines()[-TAIL_LINES:])


if __name__ == "__main__":
    sys.exit(main())
