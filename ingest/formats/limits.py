"""Limits within which a file is read: one that exceeds a limit is refused and cannot exhaust the machine."""

# Of any file. The longest papers with all their figures have about 50 MB.
MAX_BYTES = 200_000_000
# Seconds of reading one file. A thesis of 1,000 pages takes one or two minutes.
MAX_SECONDS = 600
# Of what is parsed into a tree, which takes about ten times as much memory. A thesis has about 5 MB of XML.
MAX_MARKUP_BYTES = 32_000_000
# Of all parts of a DOCX together, unpacked: XML, pictures, embedded files.
MAX_UNPACKED_BYTES = 300_000_000
MAX_PARTS = 10_000
# Cells of one table, merged ones counted as often as they are written out.
MAX_CELLS = 200_000
# Pages of a PDF and glyphs on all of them. A glyph takes about 250 bytes while the file is read; a thesis
# of 400 pages has a million.
MAX_PAGES = 1_000
MAX_GLYPHS_IN_ALL = 3_000_000
# Glyphs and drawn lines on one page of a PDF. A dense page of two columns has about 8,000 glyphs, a large
# timetable 40,000; a vector graphic may be drawn with a million lines, and then no table is looked for.
MAX_GLYPHS = 200_000
MAX_DRAWN = 20_000
# Rules on a page and cells that they make; what has more is a drawing. A page full of a table has 60 × 20.
MAX_RULES = 1_500
MAX_GRID = 3_000
