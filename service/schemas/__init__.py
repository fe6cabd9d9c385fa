"""What is asked and answered, field by field: the JSON of the API."""
