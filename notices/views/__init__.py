"""Doors of getting in by telephone."""
