"""What the portal costs, as ratios measured side by side: `make bench`, or `python -m bench.run --help`."""
