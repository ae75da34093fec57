"""One party, or the meter, as a process on a real chain."""
