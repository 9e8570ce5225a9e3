"""What the documents name must be there: files, commands and their options, presets, error codes."""

import json
import re
from pathlib import Path

from tree import ROOT, conclude, files, read

LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
INLINE_CODE = re.compile(r"`([^`\n]+)`")
# A path from the root as text names it: `core/media/rtp/demux.h`, `core/media/{rtp,rtcp}`, `tests/fuzz/**/*_fuzz.cc`.
TREE_PATH = re.compile(r"(?<![\w./-])(?:core|sdk|plugins|examples|configs|scripts|tests|docs|cmake|\.ci)/[\w./*{},-]*")
# A file named from one of BASES, as pages about one part of the tree do: `worker/media_worker.cc`.
SHORT_PATH = re.compile(r"(?<![\w./*<\"-])[a-z_]+/[\w./]*\.(?:h|cc|mjs|py|ts)\b")
BASES = ("", "core", "core/media", "sdk/include", "sdk/media/include")
SCRIPT_CALL = re.compile(r"(?<![\w/])((?:scripts|\.ci)/\w+)((?:[ =][\w./=:-]+)*)")
PRESET = re.compile(r"--preset[ =](\w+)")

ERROR_ROW = re.compile(r"^\| `([A-Z_]+)` \| (\d{3}) \|", re.MULTILINE)
ERROR_ENTRY = re.compile(r'\{"([A-Z_]+)", (\d{3})\}')


def main() -> None:
    documents = files(".md")
    problems = []
    for document in documents:
        text = read(document)
        problems += [f"{document}: {problem}" for problem in check_links(document, text)]
        problems += [f"{document}: {problem}" for problem in check_paths(text)]
        problems += [f"{document}: {problem}" for problem in check_commands(text)]
    problems += check_errors()
    conclude(problems, f"{len(documents)} documents")


def check_links(document: Path, text: str) -> list[str]:
    links = [link for link in LINK.findall(INLINE_CODE.sub("", FENCE.sub("", text))) if "://" not in link]
    return [f"broken link {link}" for link in links if not (ROOT / document.parent / link).exists()]


def check_paths(text: str) -> list[str]:
    code = "\n".join(INLINE_CODE.findall(FENCE.sub("", text)) + FENCE.findall(text))
    named = {path.rstrip(".,") for path in TREE_PATH.findall(code)}
    missing = {path for path in named if not all(map(exists, alternatives(path)))}
    missing |= {path for path in SHORT_PATH.findall(code) if not any((ROOT / base / path).exists() for base in BASES)}
    return [f"no such file: {path}" for path in sorted(missing)]


def alternatives(path: str) -> list[str]:
    """`a.{h,cc}` names a.h and a.cc."""
    braces = re.search(r"\{([^}]*)\}", path)
    if not braces:
        return [path]
    return [result for choice in braces[1].split(",")
            for result in alternatives(path[: braces.start()] + choice + path[braces.end():])]


def exists(path: str) -> bool:
    return any(ROOT.glob(path)) if "*" in path else (ROOT / path).exists()


def check_commands(text: str) -> list[str]:
    problems = []
    for script, arguments in SCRIPT_CALL.findall(text):
        if not (ROOT / script).is_file():
            continue  # check_paths says so
        known = "\n".join(read(path) for path in [script, *files(".sh", ".py", under="scripts/lib")])
        for option in re.findall(r"--[a-z-]+", arguments):
            if option not in known:
                problems.append(f"{script} has no option {option}")
    presets = {preset["name"] for preset in json.loads(read("CMakePresets.json"))["configurePresets"]}
    return problems + [f"no such preset: {preset}" for preset in PRESET.findall(text) if preset not in presets]


def check_errors() -> list[str]:
    documented = dict(ERROR_ROW.findall(read("docs/errors.md")))
    defined = dict(ERROR_ENTRY.findall(read("sdk/src/error.cc")))
    problems = [f"docs/errors.md: {code} is not a code of sdk/src/error.cc" for code in documented.keys() - defined.keys()]
    problems += [f"docs/errors.md: {code} is missing" for code in defined.keys() - documented.keys()]
    problems += [f"docs/errors.md: {code} is HTTP {defined[code]}"
                 for code in documented.keys() & defined.keys() if documented[code] != defined[code]]
    return sorted(problems) if defined else ["sdk/src/error.cc: its table of codes is not where it was"]


if __name__ == "__main__":
    main()
