// Files dropped anywhere on the page. While they hang over it a veil is shown; text that is dragged about is let be.

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
    if (!document.querySelector("dialog[open]")) take([...event.dataTransfer.files]);
  });
}

function hasFiles({ dataTransfer }) {
  return [...(dataTransfer?.types ?? [])].includes("Files");
}
