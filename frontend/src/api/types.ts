// The names the rest of the dashboard uses for what the server sends. One place, so that regenerating the schema
// touches nothing else.
import type { components } from "./schema";

type Schemas = components["schemas"];

export type App = Schemas["App"];
export type AppStatus = Schemas["Status"];
export type CreateRequest = Schemas["CreateRequest"];
export type Template = Schemas["Template"];
export type Operation = Schemas["Operation"];
export type Health = Schemas["Health"];
export type Notice = Schemas["StandingProblem"];
export type BulkAction = Schemas["BulkAction"];
export type Page = Schemas["Page"];
export type PageIssue = Schemas["PageIssue"];
export type Why = Schemas["Why"];
export type History = Schemas["History"];
export type Activity = Schemas["Activity"];
export type ActivityEntry = Schemas["ActivityEntry"];
export type EditRequest = Schemas["EditRequest"];
export type BulkResult = Schemas["BulkResult"];
export type Stream = "stdout" | "stderr";

/** The server's codes, and the one for no answer at all. */
export type ProblemCode = Schemas["ProblemCode"] | "unreachable";
export type Problem = Omit<Schemas["Problem"], "type" | "code"> & { code: ProblemCode };

export const statuses = [
  "online",
  "launching",
  "errored",
  "unknown",
  "stopped",
] as const satisfies readonly AppStatus[];
