// Adding documents, dropped on the page or chosen, and removing them.

import { Failure, readJob, removeDocument, sendDocuments } from "./api.js";
import { Batch } from "./batch.js";
import { takeDrops } from "./dropping.js";
import { counted } from "./places.js";

const EVERY_MS = 400;
const AT_ONCE = 50; // files; the service takes no more than 100

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
    for (let start = 0; start < files.length; start += AT_ONCE) {
      const part = files.slice(start, start + AT_ONCE);
      if (!(await this.run(`Adding ${counted(part.length, "file")}`, () => sendDocuments(part)))) return;
    }
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

  // Whether the job was done, if only in part.
  async run(title, start) {
    const batch = new Batch(title, this.only);
    this.box.append(batch.element);
    try {
      const { job_id: id } = await start();
      batch.ended(await followed(id, batch));
      return true;
    } catch (error) {
      batch.failed(error instanceof Failure ? error : new Failure("problem", { title: String(error) }));
      return false;
    } finally {
      this.changed();
    }
  }
}

async function followed(id, batch) {
  while (true) {
    const job = await readJob(id);
    if (job.state === "failed") throw new Failure("problem", job.error);
    if (job.state === "done") return job;
    batch.show(job);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}
