// The frame of every page: header, the way to the pages, the page itself, and whatever dialog is open.
import { useEffect, useState, type ReactNode } from "react";
import {
  ActivityPage,
  AppPage,
  BulkDialog,
  CreateDialog,
  HelpDialog,
  LogPanel,
  LogsPage,
  Messages,
  Nowhere,
  Palette,
  TemplatesPage,
} from "@/components/lazy";
import { ListPage } from "@/components/list/ListPage";
import { focusCurrentRow } from "@/components/list/selection";
import { loadPartsWhenIdle } from "@/components/parts";
import { Loading } from "@/components/shell/EmptyState";
import { Header } from "@/components/shell/Header";
import { NewVersion } from "@/components/shell/NewVersion";
import { ProblemsBanner } from "@/components/shell/ProblemsBanner";
import { Rail } from "@/components/shell/Rail";
import { FetchFailed } from "@/components/ui/onDemand";
import { layerId, TooltipProvider } from "@/components/ui/Tooltip";
import { FocusFallback } from "@/components/ui/useReturnFocus";
import { useKeyboard } from "@/hooks/useKeyboard";
import { useMediaQuery, wide } from "@/hooks/useMediaQuery";
import { useStore } from "@/hooks/useStore";
import { onFirstMessage } from "@/messages";
import { fleet, notifier, seedMetrics, view } from "@/services";
import type { Place } from "@/state/view";

function Page({ place }: { place: Place }): ReactNode {
  switch (place.page) {
    case "list":
      return <ListPage />;
    case "app":
      return <AppPage key={place.id} id={place.id} tab={place.tab} />;
    case "activity":
      return <ActivityPage />;
    case "templates":
      return <TemplatesPage />;
    case "logs":
      return <LogsPage apps={place.apps} />;
    case "nowhere":
      return <Nowhere path={place.path} />;
  }
}

function OpenDialog() {
  const dialog = useStore(view, (v) => v.dialog);
  switch (dialog?.kind) {
    case "create":
      return <CreateDialog asked={dialog} />;
    case "bulk":
      return <BulkDialog dialog={dialog} />;
    case "help":
      return <HelpDialog />;
    case "palette":
      return <Palette />;
    case undefined:
      return null;
  }
}

function OpenLogs() {
  const id = useStore(view, (v) => v.logs);
  return id === null ? null : <LogPanel key={id} id={id} />;
}

/** What the first load does without comes in an idle moment after it, or when it is needed. */
function useRest(): boolean {
  const loaded = useStore(fleet, (state) => state.loaded);
  const [messages, setMessages] = useState(false);
  useEffect(() => onFirstMessage(() => setMessages(true)), []);
  useEffect(() => {
    if (!loaded) return;
    loadPartsWhenIdle(() => {
      setMessages(true);
      void seedMetrics();
    });
  }, [loaded]);
  return messages;
}

function sayFailed() {
  notifier.failed(
    "This could not be shown",
    "Berth was stopped or updated since this page was opened. Load the page anew as soon as Berth answers.",
  );
}

export function App() {
  useKeyboard();
  const messages = useRest();
  const loaded = useStore(fleet, (state) => state.loaded);
  const place = useStore(view, (v) => v.place);
  const isWide = useMediaQuery(wide);
  const covered = useStore(view, (v) => v.logs !== null) && !isWide;
  return (
    <FocusFallback value={focusCurrentRow}>
      <FetchFailed value={sayFailed}>
        <TooltipProvider delayDuration={350}>
          <div className="flex h-dvh flex-col">
            {/* On a narrow screen the logs cover all of this. */}
            <div className="contents" inert={covered}>
              <Header />
              <NewVersion />
              <ProblemsBanner />
              <div className="flex min-h-0 grow flex-col wide:flex-row">
                <Rail />
                <main className="relative flex min-h-0 min-w-0 grow flex-col">
                  {loaded ? <Page place={place} /> : <Loading />}
                  <div id={layerId} />
                </main>
              </div>
            </div>
            <OpenLogs />
          </div>
          <OpenDialog />
          {messages && <Messages />}
        </TooltipProvider>
      </FetchFailed>
    </FocusFallback>
  );
}
