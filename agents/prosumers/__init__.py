"""Prosumers: what they can shift, how they plan a day ahead, and what they order."""
