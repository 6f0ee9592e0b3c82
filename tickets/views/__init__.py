"""Doors of the chain for people: load, one call, render (DESIGN §2 law 6)."""
