// What a person is told when something fails: what happened, and what to do.

export function told(failure) {
  if (failure.kind === "unreachable") {
    return {
      title: "Needle cannot be reached",
      detail: "The service does not answer. Is it still running? Your question is kept.",
    };
  }
  if (failure.kind === "cut") {
    return {
      title: "The answer was cut off",
      detail: "The connection ended before the answer did. What came until then may be incomplete.",
    };
  }
  if (failure.status === 503) {
    return { title: notReady(failure.code), detail: failure.detail };
  }
  if (failure.code === "unknown_document") {
    return { title: "A chosen document is no longer there", detail: `${failure.detail}. Clear the filter and ask again.` };
  }
  if (failure.status === 413) {
    return { title: "The conversation has grown too long", detail: "Start a new one with this question." };
  }
  return { title: failure.title || "Something failed", detail: failure.detail };
}

function notReady(code) {
  if (code === "index_missing") return "The index is still being built";
  if (code === "overloaded") return "Too many questions at once";
  if (code === "encoder_unavailable") return "The embedding model cannot be used";
  return "The index cannot be used";
}
