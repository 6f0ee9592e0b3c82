"""网格端: pages for whoever walks a grid, on a telephone, with or without a signal."""
