"""登录: by which ways people get in, and what a second factor is worth (DESIGN §6)."""
