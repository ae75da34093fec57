"""Figures: one look for all, and a module for each family."""
