// Addresses and places in files, as apps write them into their logs. What a link leads to is made here from parts that
// were understood: http and https, or a file in the editor; nothing else that a line may hold becomes one.
import { editorUrl } from "@/state/folder";
import type { Editor } from "@/state/view";

export interface Link {
  at: number;
  length: number;
  href: string;
  /** A place in a file, opened in the editor. */
  file: boolean;
}

const longest = 4_096;
const worthALook = /:\/\/|\.[a-z]{1,5}[:(]\d/;
const address = /https?:\/\/[^\s<>"'`\\^{}|\u0000-\u0020]+/g;
const extensions =
  "tsx?|jsx?|mts|cts|mjs|cjs|css|scss|less|json|mdx?|html|vue|svelte|astro|ya?ml|toml|env|py|rb|go|rs|sh|sql|prisma|graphql";
/** path.ext:line, path.ext:line:column, path.ext(line,column), with or without file://. */
const place = new RegExp(
  `(?:file://)?((?:[A-Za-z]:)?[\\w@.~()[\\]/+$-]*[\\w)\\]]\\.(?:${extensions}))(?::(\\d{1,7})(?::(\\d{1,7}))?|\\((\\d{1,7}),(\\d{1,7})\\))`,
  "g",
);

/** Without the point or the bracket that ends the sentence around it. */
function trimmed(text: string): string {
  let end = text.replace(/[.,;:!?'")\]*]+$/, "");
  // One that was opened within belongs to it.
  for (const [open, close] of ["()", "[]"]) {
    if (open === undefined || close === undefined) continue;
    if (end.includes(open) && !end.includes(close) && text.startsWith(close, end.length)) end += close;
  }
  return end;
}

function addressIn(text: string): string | null {
  try {
    const url = new URL(text);
    return (url.protocol === "http:" || url.protocol === "https:") && url.host !== "" ? url.href : null;
  } catch {
    return null;
  }
}

/** `path` seen from the folder, without "." and ".."; null where the folder is not known. */
export function absolute(path: string, folder: string | null): string | null {
  if (/^[A-Za-z]:/.test(path)) return null;
  if (!path.startsWith("/") && folder === null) return null;
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : `${folder ?? ""}/${path}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** In order, none over another. `folder`: where the app's relative paths begin. */
export function linksIn(plain: string, folder: string | null, editor: Editor): Link[] {
  const text = plain.length > longest ? plain.slice(0, longest) : plain;
  if (!worthALook.test(text)) return [];
  const links: Link[] = [];
  for (const match of text.matchAll(address)) {
    const shown = trimmed(match[0]);
    const href = addressIn(shown);
    if (href !== null) links.push({ at: match.index, length: shown.length, href, file: false });
  }
  for (const match of text.matchAll(place)) {
    const [whole, path = "", line, column, otherLine, otherColumn] = match;
    // A bracket before the path is the text's: "at run (/a/b.ts:1:2)"; Next's own folders have them within: "(shop)".
    const before = /^[([]+(?=[^)\]]*$)/.exec(path)?.[0].length ?? 0;
    const at = match.index + (whole.startsWith("file://") ? 0 : before);
    const target = absolute(path.slice(before), folder);
    const overlaps = links.some((link) => match.index < link.at + link.length && link.at < match.index + whole.length);
    if (target === null || overlaps) continue;
    const [row, cell] = [line ?? otherLine ?? "1", column ?? otherColumn];
    const href = editorUrl(editor, target, { line: Number(row), column: cell === undefined ? null : Number(cell) });
    links.push({ at, length: match.index + whole.length - at, href, file: true });
  }
  return links.sort((a, b) => a.at - b.at);
}
