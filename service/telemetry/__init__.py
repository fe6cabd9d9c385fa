"""What is told of requests while the service runs: notes, log lines, metrics."""
