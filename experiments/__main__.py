"""``python -m experiments`` is ``gridpact``."""

from experiments.cli import main

main()
