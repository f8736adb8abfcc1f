"""Performance figures: measures, imported and computed figures, and what may be shown of them."""
