"""What can go wrong on the way from a file to an index.

NeedleError                 one line that a person can act on: the value, the rule, the mend
├── CorpusError             corpus.toml or a file that it names
│   └── FormatError         a file that cannot be read in the format that its name says
├── EncoderError            the embedding model is missing or is not the one expected
├── EncoderChanged          another embedding model would embed the whole index anew, and nobody agreed
├── NothingReadable         no document of the corpus can be read
├── IndexNotWritten         the disk is full, or may not be written to
└── IndexUnusable           the index
    ├── IndexMissing        there is none yet
    ├── IndexDamaged        a file is missing, cut short or changed
    ├── IndexMismatch       built by another format version or embedding model
    └── IndexUnreachable    on a server that does not answer
"""


class NeedleError(Exception):
    """The root: `str(error)` is one line for a person, `code` a stable name for programs."""

    code = "needle_error"


class CorpusError(NeedleError):
    """The manifest or a document breaks a rule of the corpus."""

    code = "corpus_invalid"


class FormatError(CorpusError):
    """A file cannot be read: damaged, encrypted, scanned, too large, or not of the format of its name."""

    code = "format_unreadable"


class EncoderError(NeedleError):
    """The embedding model cannot be loaded, or its weights are not the ones expected."""

    code = "encoder_unavailable"


class EncoderChanged(NeedleError):
    """Another embedding model would embed the whole index anew, and nobody agreed to that."""

    code = "encoder_changed"


class NothingReadable(NeedleError):
    """No document of the corpus can be read, so that there is nothing to write an index of."""

    code = "nothing_readable"


class IndexNotWritten(NeedleError):
    """The disk is full, or may not be written to."""

    code = "index_not_written"


class IndexUnusable(NeedleError):
    """The index cannot be used."""

    code = "index_unusable"


class IndexMissing(IndexUnusable):
    """No generation has been written yet."""

    code = "index_missing"


class IndexDamaged(IndexUnusable):
    """A file of the generation is missing or differs from its checksum."""

    code = "index_damaged"


class IndexMismatch(IndexUnusable):
    """The generation was written for another format version or embedding model."""

    code = "index_mismatch"


class IndexUnreachable(IndexUnusable):
    """The server that holds the index does not answer, or not as it should."""

    code = "index_unreachable"


def first_line(exc: Exception) -> str:
    """What an error of somebody else's says, in one line; its name if it says nothing."""
    return str(exc).splitlines()[0] if str(exc) else type(exc).__name__
