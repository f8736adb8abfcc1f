"""What auditors ask for: figures of the whole, and the register of disclosure requests (recommendation 7)."""
