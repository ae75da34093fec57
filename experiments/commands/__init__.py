"""The commands, one a file: parse, call, print. Whatever is heavy is imported in the body."""
