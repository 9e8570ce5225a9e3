"""House rules that a compiler cannot keep: what the core and the SDK may include, who may read the clock, how long a file
may be. What plugins may include is the concern of tests/unit/plugins/include_rule.cmake.
"""

import re
from pathlib import Path

from tree import conclude, files, read

MAX_LINES = 400
INCLUDE = re.compile(r'^\s*#\s*include\s*["<]([^">]+)[">]', re.MULTILINE)
COMMENT = re.compile(r"//[^\n]*")

# What reads the clock, sleeps or rolls dice; logic is handed the time and the bytes instead.
UNREPEATABLE = re.compile(r"::now\(|\bsleep_(?:for|until)\b|\bs?rand\(|\brandom_device\b")
# Those that run the loops, and the log's time stamps.
MAY_READ_THE_CLOCK = ("core/net/", "core/app/", "core/media/worker/", "core/control/", "core/log/")

GLIB = re.compile(r"^(?:glib|gio/|gobject/|nice/agent)")
GLIB_FOLDER = "core/media/ice/full/"
# Compiled into Sluice::media: a plugin's author does not see them.
MEDIA_FOLDER = "sdk/media/src/"
MEDIA_MAY_SEE = re.compile(r"^(?:lib(?:av|sw)[a-z]+/|[a-z_0-9]+\.h$)")
SDK_MAY_SEE = re.compile(r"^(?:sluice/|boost/(?:json|describe|mp11|config|version)|[a-z_0-9]+$|c[a-z]+$)")


def main() -> None:
    problems = []
    sources = [path for folder in ("core", "sdk", "plugins", "examples") for path in files(".h", ".cc", under=folder)]
    tests = files(".h", ".cc", under="tests")
    for path in sources:
        text = read(path)
        problems += check_includes(path, INCLUDE.findall(text))
        problems += check_clock(path, COMMENT.sub("", text))
    for path in sources + tests:
        problems += check_length(path, read(path))
    conclude(problems, f"{len(sources) + len(tests)} C++ files")


def check_includes(path: Path, includes: list[str]) -> list[str]:
    return [f"{path}: may not include {name}: {why}" for name in includes if (why := forbidden(str(path), name))]


def forbidden(path: str, name: str) -> str | None:
    part = path.split("/")[0]
    if part == "core":
        if name.startswith("sluice/contracts/"):
            return "the core does not know what a room is"
        if name.startswith("plugins/"):
            return "the core knows no plugin"
        if GLIB.match(name) and not path.startswith(GLIB_FOLDER):
            return f"GLib stays in {GLIB_FOLDER}"
    if part == "sdk":
        if name.startswith(("core/", "plugins/")):
            return "the SDK knows nobody"
        if path.startswith(MEDIA_FOLDER) and MEDIA_MAY_SEE.match(name):
            return None
        if not SDK_MAY_SEE.match(name):
            return "a plugin's author would need that library, too"
    return None


def check_clock(path: Path, code: str) -> list[str]:
    if str(path).startswith(MAY_READ_THE_CLOCK):
        return []
    return [f"{path}: {found}: time and chance are handed in" for found in sorted(set(UNREPEATABLE.findall(code)))]


def check_length(path: Path, text: str) -> list[str]:
    lines = text.count("\n")
    return [f"{path}: {lines} lines, at most {MAX_LINES}"] if lines > MAX_LINES else []


if __name__ == "__main__":
    main()
