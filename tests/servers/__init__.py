"""Local servers that behave like the real ones, and misbehave like them, too."""
