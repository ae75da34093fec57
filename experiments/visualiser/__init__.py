"""The page in a browser: watch, steer, compare and take part in a negotiation."""
