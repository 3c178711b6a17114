// What travels over /api/events; the types come from the same document as the REST calls.
import type { components } from "./schema";

type Schemas = components["schemas"];

export type ServerMessage = Schemas["WsServerMessage"];
export type LogMessage = Extract<ServerMessage, { type: "log" | "log-reset" }>;
export type ClientMessage = Schemas["WsClientMessage"];
export type FollowMessage = Schemas["WsFollow"];

const known: Record<ServerMessage["type"], true> = {
  snapshot: true,
  app: true,
  removed: true,
  event: true,
  activity: true,
  operation: true,
  log: true,
  "log-reset": true,
  error: true,
};

/** The message, or null for what this version does not know: a newer server may say more. */
export function parseMessage(data: unknown): ServerMessage | null {
  if (typeof data !== "string") return null;
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value !== "object" || value === null || !("type" in value)) return null;
    return typeof value.type === "string" && value.type in known ? (value as ServerMessage) : null;
  } catch {
    return null;
  }
}
