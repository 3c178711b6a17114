// What the create dialog asks for: a new app, of one of four kinds. Pure.
import type { Wanted } from "@/api/client";

export const origins = ["next", "template", "fork", "folder"] as const;
export type Origin = (typeof origins)[number];

export interface Draft {
  origin: Origin;
  name: string;
  category: string;
  notes: string;
  lan: boolean;
  /** The template's name. */
  template: string;
  /** The id of the app to fork. */
  from: string;
  /** The whole path of the folder to adopt. */
  directory: string;
  script: string;
}

export const emptyDraft: Draft = {
  origin: "next",
  name: "",
  category: "",
  notes: "",
  lan: false,
  template: "",
  from: "",
  directory: "",
  script: "",
};

/** Why it cannot be asked for yet, or null. */
export function missingIn(draft: Draft): string | null {
  switch (draft.origin) {
    case "next":
      return null;
    case "template":
      return draft.template === "" ? "Choose a template." : null;
    case "fork":
      return draft.from === "" ? "Choose an app to fork." : null;
    case "folder":
      return draft.directory.trim() === "" ? "Say which folder." : null;
  }
}

function ofOrigin(draft: Draft): Partial<Wanted> {
  switch (draft.origin) {
    case "next":
      return {};
    case "template":
      return { template: draft.template };
    case "fork":
      return { from: draft.from };
    case "folder":
      return {
        directory: draft.directory.trim(),
        ...(draft.script.trim() !== "" && { script: draft.script.trim() }),
      };
  }
}

/** What is left blank is not sent: the server has words of its own for it. */
export function wantedOf(draft: Draft, request: string, takeOver = false): Wanted {
  const text = (key: "name" | "category" | "notes") => (draft[key].trim() === "" ? {} : { [key]: draft[key].trim() });
  return {
    request,
    ...text("name"),
    ...text("category"),
    ...text("notes"),
    ...(draft.lan && { lan: true }),
    ...ofOrigin(draft),
    ...(takeOver && { takeOver: true }),
  };
}
