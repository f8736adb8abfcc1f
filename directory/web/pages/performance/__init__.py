"""Performance: figures of services by quarter, as everybody may see them, and importing them."""
