"""What people see and do: every page, and the days of a named cast."""
