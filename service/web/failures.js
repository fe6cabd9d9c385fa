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
  if (failure.status === 401) {
    return { title: "This service asks for a key", detail: "Your question is kept, and asked once the key is entered." };
  }
  if (failure.code === "too_many_jobs") {
    return { title: "Too much is waiting", detail: "Others are adding documents. Try again in a minute." };
  }
  if (failure.wait) {
    return { title: "Needle is busy", detail: `Too much is asked of it at once. Try again in ${failure.wait} s. Your question is kept.` };
  }
  if (failure.status === 503) return notReady(failure);
  if (failure.code === "writing_disabled") {
    return { title: "Documents cannot be changed from here", detail: "The service was started without NEEDLE_ADMIN_KEY, so only its own command line adds and removes documents." };
  }
  if (failure.code === "unknown_document") {
    return { title: "A chosen document is no longer there", detail: `${sentence(failure.detail)} Clear the filter and ask again.` };
  }
  if (failure.status === 413) {
    return { title: "The conversation has grown too long", detail: "Start a new one with this question." };
  }
  return { title: failure.title || "Something failed", detail: sentence(failure.detail) };
}

function notReady({ code, detail }) {
  if (code === "index_missing") {
    return {
      title: "The index is not there yet",
      detail: "Building it takes a minute or two. If nobody is building it, the command is “needle ingest”. Your question is kept.",
    };
  }
  if (code === "encoder_unavailable") return { title: "The embedding model cannot be used", detail: sentence(detail) };
  return { title: "The index cannot be used", detail: sentence(detail) };
}

function sentence(text) {
  return text && `${text[0].toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? "" : "."}`;
}
