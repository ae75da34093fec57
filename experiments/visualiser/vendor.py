"""Fetch the files that browsers need from npm, so that none is fetched when the page runs.

Run ``python -m experiments.visualiser.vendor`` after Solara was upgraded, where the browser
tests report a file that is missing. It packs the versions in `PACKAGES` with the npm client,
keeps the files that Solara asks for, with their licences, and lists them with their hashes.
``--check`` compares what stands there with the list.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

from experiments.errors import CheckFailed

ASSETS: Final = Path(__file__).parent / "assets"
"""Where the files stand; Solara looks here before it asks a server."""

LIST: Final = "SHA256SUMS"
"""The list of files, as ``sha256sum`` reads it."""

LICENCES: Final = "LICENCES.txt"
"""Under which licence each package is, and its text where the package has one."""

PACKAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "@widgetti/solara-vuetify-app@10.1.1": (
        "dist/main8.css",
        "dist/fonts.css",
        "dist/solara-vuetify-app8.min.js",
        "dist/*.woff2",
    ),
    "requirejs@2.3.6": ("require.js",),
    "@widgetti/vue-grid-layout@2.3.13-alpha.2": ("dist/vue-grid-layout.umd.js",),
    "vue@2.6.14": (),
    "vuetify@2.2.26": (),
    "@jupyter-widgets/base@6.0.11": (),
    "@mdi/font@4.9.95": (),
    "typeface-roboto@0.0.54": (),
    "material-design-icons-iconfont@5.0.1": (),
}
"""Package and version to the files that are kept: those of Solara, and one that Mesa's own page
needs beside. Of what is bundled in them the licence alone is kept."""


def fetch(folder: Path) -> None:
    """Fetch all packages, and list what was kept."""
    shutil.rmtree(folder, ignore_errors=True)
    licences = []
    for package, wanted in PACKAGES.items():
        with tempfile.TemporaryDirectory() as place:
            packed = subprocess.run(
                ["npm", "pack", "--silent", package],
                cwd=place,
                check=True,
                capture_output=True,
                text=True,
            )
            archive = Path(place) / packed.stdout.split()[-1]
            licences.append(_unpack(archive, folder / package, wanted))
    (folder / LICENCES).write_text("\n\n".join(licences) + "\n", encoding="utf-8")
    lines = [f"{digest}  {name}" for name, digest in sorted(hashes(folder).items())]
    (folder / LIST).write_text("\n".join(lines) + "\n", encoding="utf-8")


def check(folder: Path) -> None:
    """Refuse files that differ from the list.

    Raises
    ------
    CheckFailed
        Naming the first file.
    """
    lines = (folder / LIST).read_text(encoding="utf-8").splitlines()
    listed = {line[66:]: line[:64] for line in lines}
    found = hashes(folder)
    for name in sorted(listed.keys() | found.keys()):
        if listed.get(name) != found.get(name):
            raise CheckFailed(f"{folder / name} is not the file that {LIST} lists")


def hashes(folder: Path) -> dict[str, str]:
    """Return the hash of every file but the list, by its place."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in _files(folder)
    }


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and path.name != LIST)


def _unpack(archive: Path, folder: Path, wanted: tuple[str, ...]) -> str:
    """Keep the wanted files of a package, and return its licence."""
    name, text = "not stated", ""
    with tarfile.open(archive) as packed:
        for member in packed.getmembers():
            file = member.name.partition("/")[2]
            opened = packed.extractfile(member) if member.isfile() else None
            if opened is None:
                continue
            if file == "package.json":
                told = json.loads(opened.read())
                several = " or ".join(one["type"] for one in told.get("licenses", ()))
                name = told.get("license", several or "as follows")
            elif fnmatch(file, "LICENSE*"):
                text = f"\n\n{opened.read().decode().strip()}"
            elif any(fnmatch(file, pattern) for pattern in wanted):
                path = folder / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(opened.read())
    package = folder.relative_to(ASSETS).as_posix()
    return f"{package}: {name}{text}"


if __name__ == "__main__":
    if "--check" not in sys.argv:
        fetch(ASSETS)
    check(ASSETS)
