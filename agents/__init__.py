"""The parties: strategies, and the Mesa model in which they meet."""
