// Where an app's files are, and how an editor is told to open them. Pure.
import type { App } from "@/api/types";
import type { Editor } from "./view";

/** The whole path; null as long as the root is not known. */
export function folderOf({ directory }: Pick<App, "directory">, root: string | null | undefined): string | null {
  if (directory.startsWith("/")) return directory;
  if (root === null || root === undefined) return null;
  return `${root.replace(/\/+$/, "")}/${directory.replace(/^\.\//, "")}`;
}

export const editorNames: Record<Editor, string> = { vscode: "VS Code", cursor: "Cursor" };

/** Both know the same addresses. */
export function editorUrl(
  editor: Editor,
  path: string,
  position: { line?: number | null; column?: number | null } = {},
) {
  const { line = null, column = null } = position;
  const where = line === null ? "" : `:${line}${column === null ? "" : `:${column}`}`;
  const parts = path.split("/").map(encodeURIComponent).join("/");
  return `${editor}://file${parts}${where}`;
}
