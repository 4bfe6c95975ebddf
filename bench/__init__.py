"""What the portal costs, as ratios measured side by side: `make bench`, or `python -m bench.run --help`."""

# Statements that ask for nothing: they begin and end a transaction, and say how it is planned.
CONTROL = ("BEGIN", "COMMIT", "SET LOCAL")
