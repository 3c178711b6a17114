import type { Operation } from "@/api/types";

export const phaseWords: Record<Operation["phase"], string> = {
  waiting: "Waiting for its turn",
  scaffolding: "Scaffolding",
  fetching: "Fetching the repository",
  installing: "Installing dependencies",
  copying: "Copying",
  starting: "Starting",
  done: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
};
