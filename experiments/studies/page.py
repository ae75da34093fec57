"""The page of all studies, ``docs/studies.md``: each with its command and its findings.

``python -m experiments.studies.page results > docs/studies.md``, once the studies have run.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from experiments.results import MANIFEST
from experiments.studies import FINDINGS
from experiments.sweep import files


def page(results: Path) -> str:
    """Return the page in Markdown.

    Parameters
    ----------
    results : Path
        The folder with the results of the studies; those that have none are left out.
    """
    head = [
        "# Studies",
        "",
        "Made by the command beside each study, and put together by "
        "`python -m experiments.studies.page results`. Every sentence is made from the "
        "results. `gridpact sweep plot NAME` draws them.",
        "",
    ]
    return "\n".join([*head, *(line for name in FINDINGS for line in _study(results, name))])


def _study(results: Path, name: str) -> Iterator[str]:
    path = results / name / files.FINDINGS
    if not path.exists():
        return
    about = json.loads((results / name / MANIFEST).read_text(encoding="utf-8"))
    yield from (f"## {name}", "", "```", f"gridpact sweep {name}", "```", "")
    yield f"{about['cells']:,} cells of `experiments/studies/{name}.toml`."
    yield from ("", path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.stdout.write(page(Path(sys.argv[1])))
