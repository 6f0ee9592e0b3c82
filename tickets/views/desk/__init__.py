"""Doors of the desk: one page with a list that keeps itself up to date and a pane beside it."""
