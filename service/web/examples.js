// Questions to begin with. Each is offered only while its document is in the index.

import { element } from "./elements.js";

const EXAMPLES = [
  ["hmp", "What did the COVER-ALL trial compare?"],
  ["lim", "By how much can AI-enhanced protocols lower the radiation dose of CT in children?"],
  ["lim", "What AUC does radiomics reach for local tumor progression of adrenal metastases?"],
  ["hmp", "Does AI assistance help less-experienced operators in microwave ablation?"],
  ["dinc", "Can AI distinguish TACE-susceptible from TACE-refractory cases?"],
];

export function offerExamples(list, documents, ask) {
  const ids = new Set(documents.map(({ id }) => id));
  const offered = EXAMPLES.filter(([id]) => ids.has(id)).map(([, question]) =>
    element("li", {}, element("button", { type: "button", onclick: () => ask(question) }, question)),
  );
  list.replaceChildren(...offered);
  list.hidden = !offered.length;
}
