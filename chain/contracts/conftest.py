"""Programs here are run by hand, and hold no tests."""

collect_ignore = ["mutants", "slither"]
