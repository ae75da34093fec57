"""Small sweeps of functions that are worked by hand, and ways to run them."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from experiments.cli import app

SCORES = '''
import os, time, math

def double(asked):
    """Twice x, and a digit of the seed."""
    return {"y": 2.0 * asked.factors["x"], "digit": asked.seed % 10}

def slow(asked):
    time.sleep(0.03)
    return {"y": asked.factors["x"] ** 2}

def trouble(asked):
    x = asked.factors["x"]
    if x == 1:
        raise ValueError("no such thing")
    if x == 2:
        time.sleep(1e6)
    if x == 3:
        while True:
            pass
    if x == 4:
        os._exit(1)
    if x == 5:
        raise SystemExit(1)
    return {"y": x}

def once(asked):
    """Fails until a file is there."""
    if asked.factors["x"] == 1 and not os.path.exists(os.environ["MENDED"]):
        raise ValueError("not yet")
    return {"y": asked.factors["x"]}

def ishigami(asked):
    one, two, three = (asked.factors[name] for name in ("one", "two", "three"))
    return {"y": math.sin(one) + 7 * math.sin(two) ** 2 + 0.1 * three ** 4 * math.sin(one)}

def texts(asked):
    return {"y": "many"}

def nothing(asked):
    return None

def taken(asked):
    return {"x": 1.0}
'''


def write_sweep(folder: Path, text: str, scores: str = "double") -> Path:
    """Write a sweep of a function above, and return its file."""
    (folder / "mine.py").write_text(SCORES, encoding="utf-8")
    path = folder / "sweep.toml"
    path.write_text(f'scores = "mine.py:{scores}"\n{text}', encoding="utf-8")
    return path


@dataclass(frozen=True)
class Done:
    """What a command did."""

    returncode: int
    stdout: str
    stderr: str


def gridpact(*words: object) -> Done:
    """Run a command in this process, whose hash of our sources stays as it is."""
    done = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    return Done(done.exit_code, done.stdout, done.stderr)


def start(*words: object) -> subprocess.Popen[str]:
    """Start a command in a process of its own."""
    command = [sys.executable, "-m", "experiments", *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
