"""Who an edition went to, who saw it and who acknowledged it."""
