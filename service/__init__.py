"""Answering: retrieval over an opened index, served over HTTP and the command line."""
