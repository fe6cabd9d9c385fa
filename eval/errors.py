"""What can go wrong while measuring, beside what `ingest.errors` and `service.errors` name.

NeedleError                 one line that a person can act on: the value, the rule, the mend
└── EvaluationError
    ├── QuestionsError      the file of questions breaks a rule, or a quote does not stand in its document
    ├── UnknownSystem       no system has the name that was given
    ├── CollectionError     a folder is not a collection in BEIR's layout
    ├── ServiceFailed       the service that is measured does not answer as Needle does
    ├── FloorsError         the file of floors breaks a rule
    └── PackageMissing      a package that only measuring needs is not installed
"""

from ingest.errors import NeedleError


class EvaluationError(NeedleError):
    """The root of this package's errors."""

    code = "evaluation_error"


class QuestionsError(EvaluationError):
    """The file of questions breaks a rule, or a quote does not stand once in its document."""

    code = "questions_invalid"


class UnknownSystem(EvaluationError):
    """No system has this name."""

    code = "unknown_system"


class CollectionError(EvaluationError):
    """A file of a collection in BEIR's layout is missing or breaks a rule."""

    code = "collection_invalid"


class ServiceFailed(EvaluationError):
    """The service cannot be reached, or answers with an error or with something else than passages."""

    code = "service_failed"


class FloorsError(EvaluationError):
    """The file of floors breaks a rule."""

    code = "floors_invalid"


class PackageMissing(EvaluationError):
    """A package that only measuring needs is not installed."""

    code = "package_missing"


class NoRoom(EvaluationError):
    """The disk has no room for what is to be measured."""

    code = "no_room"
