"""extract_examples.py DOCUMENT OUT: the C++ blocks of a document, one after the other, for the compiler to judge."""

import re
import sys
from pathlib import Path

BLOCK = re.compile(r"^```cpp\n(.*?)^```", re.MULTILINE | re.DOTALL)


def main(document: str, out: str) -> None:
    text = Path(document).read_text(encoding="utf-8")
    pieces = []
    for block in BLOCK.finditer(text):
        line = text.count("\n", 0, block.start(1)) + 1
        pieces.append(f'#line {line} "{document}"\n{block[1]}')
    if not pieces:
        sys.exit(f"{document} has no example")
    Path(out).write_text("\n".join(pieces), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
