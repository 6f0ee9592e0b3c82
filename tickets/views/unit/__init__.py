"""Doors of a unit: one page with its lists, the ledger of what is suspended, saved filters."""
