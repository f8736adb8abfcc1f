"""Editions: drafted, checked, signed off by a second person, published, and never changed after."""
