"""渠道: the ways out of the house by which people are told (DESIGN §5)."""
