"""``python -m tests.bill_of_materials``: what the product is made of, and under which licences.

Writes ``docs/sbom.cdx.json`` (CycloneDX 1.5) and ``docs/licences.md`` from what is installed: the
packages that ``pyproject.toml`` needs at run time, with all that they need, and the vendored files.
"""

import hashlib
import json
import re
import sys
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
BILL, LICENCES = ROOT / "docs" / "sbom.cdx.json", ROOT / "docs" / "licences.md"
TROVE = re.compile(r"License :: (?:OSI Approved :: )?(.+)")
VENDORED = {"htmx.min.js": ("htmx", "4.0.1", "0BSD")}


@dataclass(frozen=True)
class Part:
    """One thing that the product is made of."""

    name: str
    version: str
    licence: str
    home: str = ""
    needs: tuple[str, ...] = ()
    digest: str = ""  # of a vendored file

    @property
    def reference(self) -> str:
        """Return its package address, which names it in the bill."""
        kind = "generic" if self.digest else "pypi"
        return f"pkg:{kind}/{self.name}@{self.version}"


@cache
def parts() -> list[Part]:
    """Return every package that runs with the product and every vendored file, by name."""
    found: dict[str, Part] = {}
    waiting = list(_needed(distribution("boucle")))
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue  # for another platform or an extra that is not wanted
        needs = sorted(set(_needed(package)))
        found[name] = Part(name, package.version, licence_of(package), _home(package), tuple(needs))
        waiting += needs
    vendored = [_vendored(path, *told) for path, told in VENDORED.items()]
    return [*(found[name] for name in sorted(found)), *vendored]


def _needed(package: Distribution) -> list[str]:
    wanted = [Requirement(line) for line in package.requires or []]
    here = [each for each in wanted if each.marker is None or each.marker.evaluate({"extra": ""})]
    return [canonicalize_name(each.name) for each in here]


def _vendored(file: str, name: str, version: str, licence: str) -> Part:
    digest = hashlib.sha256((ROOT / "static" / file).read_bytes()).hexdigest()
    return Part(name, version, licence, "https://htmx.org", digest=digest)


def licence_of(package: Distribution) -> str:
    """Return the licence as the package declares it: expression, classifier, or first line."""
    if said := package.metadata.get("License-Expression"):
        return str(said)
    classified = [TROVE.fullmatch(each) for each in package.metadata.get_all("Classifier") or []]
    if known := sorted({each[1] for each in classified if each and each[1] != "OSI Approved"}):
        return "; ".join(known)
    text = str(package.metadata.get("License") or "").strip()
    return text.splitlines()[0][:80] if text else ""


def _home(package: Distribution) -> str:
    lines = [line for line in package.metadata.get_all("Project-URL") or [] if ", " in line]
    urls = {key.lower(): value for key, value in (line.split(", ", 1) for line in lines)}
    known = [urls[key] for key in ("homepage", "source", "repository") if key in urls]
    return str(package.metadata.get("Home-page") or (known[0] if known else ""))


def bill(found: list[Part]) -> dict[str, object]:
    """Return the bill in CycloneDX's own words."""
    own = {"type": "application", "bom-ref": "boucle", "name": "boucle", "version": "0.1.0"}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": own | {"licenses": [{"expression": "AGPL-3.0-or-later"}]}},
        "components": [_component(part) for part in found],
        "dependencies": _dependencies(found),
    }


def _component(part: Part) -> dict[str, object]:
    said: dict[str, object] = {
        "type": "file" if part.digest else "library",
        "bom-ref": part.reference,
        "name": part.name,
        "version": part.version,
        "purl": part.reference,
        "licenses": [{"license": {"name": part.licence}}],
    }
    if part.digest:
        said["hashes"] = [{"alg": "SHA-256", "content": part.digest}]
    if part.home:
        said["externalReferences"] = [{"type": "website", "url": part.home}]
    return said


def _dependencies(found: list[Part]) -> list[dict[str, object]]:
    known = {part.name: part.reference for part in found}
    direct = sorted(known[name] for name in set(_needed(distribution("boucle"))) if name in known)
    lines: list[dict[str, object]] = [{"ref": "boucle", "dependsOn": direct}]
    for part in found:
        needs = sorted(known[name] for name in part.needs if name in known)
        lines.append({"ref": part.reference, "dependsOn": needs})
    return lines


def table(found: list[Part]) -> str:
    """Return the page of licences."""
    lines = [
        "# What Boucle is made of, and under which licences",
        "",
        f"Written by `make sbom` from what is installed (Python {sys.version_info[0]}."
        f"{sys.version_info[1]}): {len(found)} parts at run time. The same as CycloneDX 1.5:",
        "[sbom.cdx.json](sbom.cdx.json). Test and measuring tools are no part of the product.",
        "",
        "| part | version | licence, as it declares it |",
        "| --- | --- | --- |",
        *(f"| {part.name} | {part.version} | {part.licence.replace('|', '/')} |" for part in found),
    ]
    return "\n".join([*lines, ""])


def main() -> None:
    """Write both files and say how many parts they hold."""
    found = parts()
    BILL.write_text(json.dumps(bill(found), indent=1, ensure_ascii=False) + "\n", "utf-8")
    LICENCES.write_text(table(found), "utf-8")
    unknown = [part.name for part in found if not part.licence]
    print(f"{len(found)} parts, {len(unknown)} without a licence: {', '.join(unknown) or 'none'}")


if __name__ == "__main__":
    main()
