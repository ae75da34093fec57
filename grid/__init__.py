"""The physics: networks, load flows, and what a set-point costs."""
