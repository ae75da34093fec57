"""Strategies against each other: played, scored, judged, and told."""
