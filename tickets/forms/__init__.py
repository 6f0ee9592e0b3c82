"""Forms of the chain's pages."""
