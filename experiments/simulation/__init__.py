"""One run of the Mesa model, with everything that happened in it."""
