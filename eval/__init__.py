"""Measuring Needle: hand-written questions with evidence, measures, runs, comparisons, the report."""
