"""Scripts that show what the package can be used for."""
