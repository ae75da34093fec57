"""Communities of households on a low-voltage feeder: who draws what, and what it does."""
