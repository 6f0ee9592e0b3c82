"""Proof by breaking: load and judge of `./hubinctl chaos`; the faults are the launcher's."""
