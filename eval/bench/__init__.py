"""How fast the service is, next to what people would otherwise use, in one run."""
