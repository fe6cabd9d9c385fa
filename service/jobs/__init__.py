"""Changes of the documents over HTTP, as jobs in a process of their own."""
