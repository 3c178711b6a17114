// What is so, without a judgement.
import type { App } from "@/api/types";
import { Link } from "@/components/Link";
import { runFacts } from "@/components/list/runFacts";
import { Facts, type Fact } from "@/components/ui/Facts";
import { ago } from "@/format";
import { useNow } from "@/hooks/useNow";
import { useStore } from "@/hooks/useStore";
import { fleet } from "@/services";
import { folderOf } from "@/state/folder";
import { isAsleep } from "@/state/sleep";
import { CopyButton } from "./AppHead";

const shortCommit = 8;

function Git({ app }: { app: App }) {
  if (app.git === null) return <>not in a repository</>;
  const { branch, commit } = app.git;
  return (
    <span className="break-words">
      {branch === null ? "no branch" : <bdi className="font-medium">{branch}</bdi>}{" "}
      {commit === null ? (
        "no commit yet"
      ) : (
        <code className="font-mono text-xs" title={commit}>
          {commit.slice(0, shortCommit)}
        </code>
      )}
    </span>
  );
}

function MadeFrom({ app }: { app: App }) {
  const from = app.template?.startsWith("app:") === true ? app.template.slice("app:".length) : null;
  const parent = useStore(fleet, (state) => (from === null ? undefined : state.apps[from]));
  if (!app.owned) return <>your folder, as it is</>;
  if (app.template === null) return <>a scaffold</>;
  if (from === null) return <>the template {app.template}</>;
  if (parent === undefined) return <>another app, since deleted</>;
  return (
    <Link
      to={{ page: "app", id: parent.id, tab: "overview" }}
      className="text-accent-text underline underline-offset-3"
    >
      <bdi>{parent.name}</bdi>
    </Link>
  );
}

function listens(app: App): string {
  if (isAsleep(app)) return "nothing: it sleeps";
  if (app.status !== "online") return "nothing now";
  return app.exposed
    ? `port ${app.port} of all addresses: other machines may reach it`
    : `port ${app.port} of this machine only`;
}

function LastOpened({ at }: { at: number | null }) {
  const now = useNow();
  return <>{at === null ? "never seen" : <span title={new Date(at).toLocaleString()}>{ago(now - at)}</span>}</>;
}

const pendingWords = { category: "its category", lan: "who may reach it" } as const;

export function AppFacts({ app }: { app: App }) {
  const root = useStore(fleet, (state) => state.health?.root);
  const folder = folderOf(app, root) ?? app.directory;
  const facts: Fact[] = [
    [
      "Folder",
      <span className="flex items-start gap-1">
        <code className="min-w-0 font-mono text-xs leading-5 break-all">{folder}</code>
        <span className="-my-1">
          <CopyButton text={folder} what="the folder" />
        </span>
      </span>,
    ],
    ["Git", <Git app={app} />],
    [app.owned ? "Made from" : "Adopted", <MadeFrom app={app} />],
    ["Runs", `${app.packageManager ?? "npm"} run ${app.script}`],
    ["Listens on", <span data-testid="listens">{listens(app)}</span>],
    ["Last opened", <LastOpened at={app.lastOpenedAt} />],
    ...runFacts(app),
  ];
  return (
    <>
      <Facts className="grid-cols-[88px_minmax(0,1fr)] gap-x-3 gap-y-1.5" facts={facts} />
      {app.pending.length > 0 && (
        <p className="mt-3 text-launching">
          With its next start comes {app.pending.map((one) => pendingWords[one]).join(" and ")}.
        </p>
      )}
    </>
  );
}
