"""An answer composed by a language model, of which nothing counts as supported before it is verified."""

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing

from ingest.errors import NeedleError
from ingest.records import Passage
from service.answers import prompts
from service.answers.events import Checked, Delta
from service.answers.evidence import citation, nearest
from service.answers.llm import LLM
from service.answers.llm_errors import LLMStreamTooLong
from service.answers.records import Answer, AnswerSentence, Citation, Support
from service.answers.sentences_of_stream import CitingSentence, SentenceStream
from service.answers.support import Verifier
from service.computing import compute
from service.retrieval.retriever import Found
from service.telemetry import request_notes

# The prompt asks for five at most; a model that goes on is not worth waiting for.
MAX_SENTENCES = 20
# So many passages are tried for a sentence that cites none.
_MOST_POST_HOC = 5
_DECORATION = " \n\t*_`\"'“"  # that models put around the sentinel
NOT_SUPPORTED = "(not supported by the sources)"


class TooLittle(NeedleError):
    """Of what the model wrote, nothing is left that could be given as an answer."""

    code = "too_little_supported"


async def compose(
    found: Found, titles: Mapping[str, str], llm: LLM, verifier: Verifier, *, strict: bool
) -> AsyncGenerator[Delta | Checked | Answer, None]:
    """The answer of `llm` to what was found: text as it comes, sentences as they are checked, then the whole.

    Numbers of citations are those of the passages in the prompt, their ranks in `found`.
    titles: of documents, by id. strict: leave what is not supported out of the answer's text.
    Raises LLMError, and TooLittle if the model cannot answer or nothing that it says is supported.
    """
    composer = _Composer(found, verifier)
    chat = prompts.messages(found.standalone_question, composer.passages, titles)
    async with aclosing(llm.stream(chat)) as pieces:
        async for piece in pieces:
            text, sentences = composer.read(piece.text)
            if piece.ended:
                rest, last = composer.finish(cut_short=piece.ended == "length")
                text, sentences = text + rest, sentences + last
            if text:
                yield Delta(text)
            for sentence in sentences:
                if checked := await composer.check(sentence):
                    yield checked
    yield composer.answer(strict)


class _Composer:
    """What has been written so far, and what of it is verified."""

    def __init__(self, found: Found, verifier: Verifier) -> None:
        self.passages: Sequence[Passage] = prompts.fitting([scored.passage for scored in found.passages])
        self._found = found
        self._verifier = verifier
        self._stream = SentenceStream(range(1, len(self.passages) + 1))
        self._unshown: str | None = ""  # the beginning, while it may still become the sentinel
        self._sentences: list[AnswerSentence] = []

    def read(self, text: str) -> tuple[str, list[CitingSentence]]:
        """What to show of `text`, and the sentences that it completes. Raises TooLittle at the sentinel."""
        shown, sentences = self._stream.feed(text)
        return self._without_sentinel(shown), sentences

    def finish(self, *, cut_short: bool) -> tuple[str, list[CitingSentence]]:
        """The rest of both. Raises TooLittle at the sentinel."""
        shown, sentences = self._stream.finish(cut_short=cut_short)
        shown = self._without_sentinel(shown)
        held, self._unshown = self._unshown or "", None
        return held + shown, sentences

    async def check(self, sentence: CitingSentence) -> Checked | None:
        """The sentence with its verdict; None for one that was said already or says nothing."""
        if prompts.CANNOT_ANSWER in sentence.text or sentence.text in (s.text for s in self._sentences):
            return None
        if len(self._sentences) == MAX_SENTENCES:
            raise LLMStreamTooLong(MAX_SENTENCES, "sentences")
        # Verifying keeps a processor busy.
        with request_notes.current().timed("verify"):
            checked = await compute(self._verified, sentence)
        request_notes.current().verdicts[checked.support.verdict] += 1
        self._sentences.append(checked)
        return Checked(checked, self._citations([checked]))

    def answer(self, strict: bool) -> Answer:
        """What is left of it. Raises TooLittle."""
        supported = [s for s in self._sentences if s.support.verdict == "supported"]
        if not supported:
            raise TooLittle(_nothing_left(len(self._sentences)))
        told = supported if strict else self._sentences
        return Answer(
            text=" ".join(_told(sentence) for sentence in told),
            sentences=tuple(self._sentences),
            citations=self._citations(self._sentences),
            abstained=False,
            reason=None,
            mode="llm",
            found=self._found,
        )

    def _without_sentinel(self, shown: str) -> str:
        if self._unshown is None:
            return shown
        beginning = self._unshown + shown
        bare = beginning.lstrip(_DECORATION)
        if bare.startswith(prompts.CANNOT_ANSWER):
            raise TooLittle("the language model found no answer in the passages")
        if prompts.CANNOT_ANSWER.startswith(bare):
            self._unshown = beginning
            return ""
        self._unshown = None
        return beginning.lstrip()

    def _verified(self, sentence: CitingSentence) -> AnswerSentence:
        if prompts.repeats_rules(sentence.text):
            # An order inside a passage or question can make a model recite them; no document says so.
            support = Support("unsupported", 0.0, ("it repeats the language model's own instructions",))
            return AnswerSentence(sentence.text, sentence.numbers, support)
        if not sentence.numbers:
            return self._post_hoc(sentence.text)
        cited = [self.passages[n - 1] for n in sentence.numbers]
        return AnswerSentence(sentence.text, sentence.numbers, self._verifier.check(sentence.text, cited))

    def _post_hoc(self, text: str) -> AnswerSentence:
        """The sentence with the nearest passage that supports it, if one does."""
        for place in nearest(text, self.passages, _MOST_POST_HOC):
            support = self._verifier.check(text, [self.passages[place]])
            if support.verdict == "supported":
                return AnswerSentence(text, (place + 1,), support)
        return AnswerSentence(
            text, (), Support("unsupported", 0.0, ("it cites no passage, and none supports it",))
        )

    def _citations(self, sentences: Iterable[AnswerSentence]) -> tuple[Citation, ...]:
        claims: dict[int, list[str]] = {}
        for sentence in sentences:
            for n in sentence.citations:
                claims.setdefault(n, []).append(sentence.text)
        return tuple(citation(n, self.passages[n - 1], claims[n]) for n in sorted(claims))


def marked(sentence: AnswerSentence) -> str:
    """ "It did. [1] [2]" for a sentence "It did." that cites 1 and 2."""
    return " ".join((sentence.text, *(f"[{n}]" for n in sentence.citations)))


def _told(sentence: AnswerSentence) -> str:
    supported = sentence.support.verdict == "supported"
    return marked(sentence) if supported else f"{marked(sentence)} {NOT_SUPPORTED}"


def _nothing_left(written: int) -> str:
    if not written:
        return "the language model wrote no whole sentence"
    sentences = "the sentence" if written == 1 else f"any of the {written} sentences"
    return f"the passages do not support {sentences} that the language model wrote"
