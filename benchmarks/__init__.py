"""Performance figures, as ratios in one run where there is something to stand beside."""
