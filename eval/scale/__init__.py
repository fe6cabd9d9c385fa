"""What it costs as the index grows: building, opening and searching 300 passages to a million."""
