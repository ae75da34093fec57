"""The questions: scenarios, tournaments, the paper's figures, the command line."""
