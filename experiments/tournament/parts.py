"""Finished parts of a long run, kept on disk until the whole is there.

A part is a file named by the hash of all that determines it: what was asked, and the sources
that answer. So a run that was stopped, at whatever moment, goes on with what is missing, and a
change of anything makes another part. A file is there whole or not at all.
"""

import shutil
from functools import partial
from pathlib import Path
from typing import TypeAlias

import pandas as pd

from experiments.whole_file import write_whole

Tables: TypeAlias = dict[str, pd.DataFrame]
"""By name."""


class Parts:
    """Keep parts in a folder of their own.

    Parameters
    ----------
    folder : Path
        Made when the first part is kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, key: str) -> Tables | None:
        """Return the tables of a part, or None if it is not whole."""
        paths = sorted(self.folder.glob(f"{key}.*.parquet"))
        if not (self.folder / f"{key}.whole").exists():
            return None
        return {path.name.split(".")[1]: pd.read_parquet(path) for path in paths}

    def put(self, key: str, tables: Tables) -> None:
        """Keep the tables of a part; a mark that it is whole comes last."""
        for name, table in tables.items():
            whole = partial(table.to_parquet, index=False)
            write_whole(self.folder / f"{key}.{name}.parquet", whole)
        write_whole(self.folder / f"{key}.whole", Path.touch)

    def clear(self) -> None:
        """Forget everything."""
        shutil.rmtree(self.folder, ignore_errors=True)
