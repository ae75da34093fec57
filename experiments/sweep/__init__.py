"""Sweeps of parameters: cells, kept one by one, played by any number of workers."""
