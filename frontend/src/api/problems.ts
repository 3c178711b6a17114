// What went wrong, in words. The server's `detail` already says what happened and what to do next; this module only
// has words for the cases where there is no server to say them.
import type { Problem } from "./types";

export const unreachable: Problem = {
  status: 0,
  title: "Berth does not answer",
  detail:
    "Berth did not answer, so it is not known whether this was done. Check that the server runs, " +
    "or start it with “berth up”; the list shows the truth as soon as it is back.",
  code: "unreachable",
};

/** A problem from whatever came back; a body that is no problem document still yields a sentence. */
export function asProblem(body: unknown, status: number): Problem {
  if (
    typeof body === "object" &&
    body !== null &&
    "detail" in body &&
    typeof body.detail === "string" &&
    "code" in body
  ) {
    return body as Problem;
  }
  return {
    status,
    title: "The request failed",
    detail: `Berth answered with status ${status} and no explanation. Try again; Berth's own log may say more.`,
    code: "internal_error",
  };
}
