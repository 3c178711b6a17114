import type { Operation } from "@/api/types";

export const phaseWords: Record<Operation["phase"], string> = {
  waiting: "Waiting for its turn",
  scaffolding: "Scaffolding",
  starting: "Starting",
  done: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
};
