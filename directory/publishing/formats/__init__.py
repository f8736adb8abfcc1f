"""What an edition or the catalogue looks like in the formats of others."""
