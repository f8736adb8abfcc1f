"""Dated editions of the catalogue with performance data, and who received them (recommendation 6)."""
