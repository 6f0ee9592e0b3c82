"""Doors of the chain for programs: read, one call, answer (DESIGN §2 law 6)."""
