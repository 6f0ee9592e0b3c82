"""Doors of getting in."""
