"""What the catalogue lacks: unmet need, coverage, demand against capacity. Aggregates alone."""
