"""The text format of Prometheus, and the tables of docs/metrics.md, read into families."""
import dataclasses
import pathlib
import re

SOURCE = pathlib.Path(__file__).resolve().parents[3]
HISTOGRAM_PARTS = ("_bucket", "_sum", "_count")
SAMPLE = re.compile(r"^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"')


@dataclasses.dataclass
class Family:
    name: str
    kind: str
    help: str = ""
    samples: list = dataclasses.field(default_factory=list)  # (name, labels, value)

    def labels(self):
        """Names of its labels, without that of buckets."""
        return {name for _, labels, _ in self.samples for name in labels} - {"le"}

    def label_sets(self):
        return {tuple(sorted((k, v) for k, v in labels.items() if k != "le")) for _, labels, _ in self.samples}

    def total(self, **where):
        """The sum of the samples with these labels; of a histogram the number of its values."""
        name = self.name + ("_count" if self.kind == "histogram" else "")
        return sum(value for sample, labels, value in self.samples
                   if sample == name and where.items() <= labels.items())


def read_exposition(text):
    """The families by name. Raises ValueError for what is no exposition."""
    families, helps = {}, {}
    for line in text.splitlines():
        if line.startswith("# HELP "):
            _, _, name, described = line.split(" ", 3)
            helps[name] = described
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            if name in families:
                raise ValueError(f"{name} is told twice")
            families[name] = Family(name, kind, helps.get(name, ""))
        elif line:
            match = SAMPLE.match(line)
            if not match:
                raise ValueError(f"no sample: {line}")
            name, labels, value = match.groups()
            family = families.get(name) or families.get(re.sub(r"_(bucket|sum|count)$", "", name))
            if family is None:
                raise ValueError(f"a sample without a family: {line}")
            family.samples.append((name, dict(LABEL.findall(labels or "")), float(value)))
    return families


@dataclasses.dataclass
class Documented:
    name: str
    kind: str
    labels: set


def read_docs():
    """What docs/metrics.md tells of, by name."""
    found, prefix = {}, None
    for line in (SOURCE / "docs/metrics.md").read_text().splitlines():
        if line.startswith("## "):
            heading = re.search(r"`([a-z_]+_)`$", line)
            prefix = heading[1] if heading else None
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if not prefix or len(cells) != 3 or not cells[1].startswith(("counter", "gauge", "histogram")):
            continue
        kind = re.match(r"\w+", cells[1])[0]
        labels = set(re.findall(r"`([a-z_]+)`", cells[1].split(":")[0]))
        for name in re.findall(r"`([a-z_]+)`", cells[0]):
            if prefix + name in found:
                raise ValueError(f"{prefix}{name} stands in the docs twice")
            found[prefix + name] = Documented(prefix + name, kind, labels)
    return found
