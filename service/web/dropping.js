// Files and folders dropped anywhere on the page. While they hang over it a veil is shown; text that is dragged about
// is let be.

// take(files): what happens with them.
export function takeDrops(veil, take) {
  let depth = 0; // entering a child is told before leaving its parent
  const show = (entered) => {
    depth = Math.max(0, entered);
    veil.hidden = depth === 0;
  };
  const listen = (name, handle) => addEventListener(name, (event) => hasFiles(event) && handle(event));
  listen("dragenter", () => show(depth + 1));
  listen("dragleave", () => show(depth - 1));
  listen("dragover", (event) => event.preventDefault()); // or nothing could be dropped
  listen("drop", (event) => {
    event.preventDefault(); // or the browser would open the file in place of the page
    show(0);
    if (!document.querySelector("dialog[open]")) dropped(event.dataTransfer).then(take);
  });
}

function hasFiles({ dataTransfer }) {
  return [...(dataTransfer?.types ?? [])].includes("Files");
}

// The browser forgets what was dropped as soon as the event is over, so all of it is asked for before the first wait.
async function dropped({ items }) {
  const taken = [...items]
    .filter(({ kind }) => kind === "file")
    .map((item) => ({ entry: item.webkitGetAsEntry?.(), file: item.getAsFile() }));
  const files = await Promise.all(taken.map(({ entry, file }) => (entry?.isDirectory ? within(entry) : [file])));
  return files.flat().filter(Boolean);
}

// The files of a folder and of those in it, but for hidden ones.
async function within(folder) {
  const reader = folder.createReader();
  const files = [];
  while (true) {
    const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([]))); // a part at a time
    if (!some.length) return files;
    for (const entry of some.filter(({ name }) => !name.startsWith("."))) {
      if (entry.isDirectory) files.push(...(await within(entry)));
      else files.push(await new Promise((resolve) => entry.file(resolve, () => resolve(null))));
    }
  }
}
