"""How fast the house is: many tickets loaded, everything measured through its doors."""
