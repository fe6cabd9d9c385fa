// Adding documents, dropped on the page or chosen, and removing them.

import { Failure, readJob, removeDocument, sendDocuments } from "./api.js";
import { Batch } from "./batch.js";
import { takeDrops } from "./dropping.js";
import { counted } from "./places.js";

const EVERY_MS = 400;

export class Adding {
  // box: where the progress is shown. input: chooses files. veil: shown while files hang over the page.
  // dialog: asks before a document is removed.
  // changed(): the service may have other documents now. only(documentId): searches in that one only.
  constructor({ box, input, veil, dialog }, { changed, only }) {
    Object.assign(this, { box, input, dialog, changed, only });
    input.addEventListener("change", () => {
      const files = [...input.files];
      input.value = ""; // so that the same file can be chosen again
      this.add(files);
    });
    takeDrops(veil, (files) => this.add(files));
    const close = (value) => () => dialog.close(value);
    dialog.querySelector("#confirm-no").addEventListener("click", close(""));
    dialog.querySelector("#confirm-yes").addEventListener("click", close("yes"));
  }

  choose() {
    this.input.click();
  }

  async add(files) {
    if (files.length) await this.run(`Adding ${counted(files.length, "file")}`, () => sendDocuments(files));
  }

  // Once it is confirmed.
  remove({ id, title }) {
    const { dialog } = this;
    dialog.querySelector("p").textContent = `“${title}” and its file leave the corpus. Answers that were given keep its words.`;
    dialog.returnValue = "";
    const confirmed = () => dialog.returnValue && this.run(`Removing “${title}”`, () => removeDocument(id));
    dialog.addEventListener("close", confirmed, { once: true });
    dialog.showModal();
  }

  async run(title, start) {
    const batch = new Batch(title, this.only);
    this.box.append(batch.element);
    try {
      const started = await start();
      batch.ended(started ? await followed(started.job_id, batch) : { files: [] });
    } catch (error) {
      batch.failed(error instanceof Failure ? error : new Failure("problem", { title: String(error) }));
    }
    this.changed();
  }
}

async function followed(id, batch) {
  while (true) {
    const job = await readJob(id);
    if (job.state === "done") return job;
    if (job.state === "failed" && !job.files?.length) throw new Failure("problem", { title: "Nothing was changed", detail: job.detail ?? "" });
    if (job.state === "failed") return job;
    batch.show(job);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}
