"""Reading: from the files of the corpus to an index that can be searched."""
