"""Seed data: the demo district, and the script that made it."""
