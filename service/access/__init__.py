"""Who may ask, through which host name, how often and how many at once."""
