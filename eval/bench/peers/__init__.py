"""What people would otherwise use, each in one file, run as a process of its own: `build`, then `serve`."""
