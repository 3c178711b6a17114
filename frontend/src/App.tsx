// The page: header, list, logs, and whatever dialog is open.
import { CircleAlert, CircleCheck, TriangleAlert } from "lucide-react";
import { useEffect } from "react";
import { Toaster } from "sonner";
import { BulkDialog } from "@/components/dialogs/ConfirmDialogs";
import { HelpDialog } from "@/components/dialogs/HelpDialog";
import { AppCards } from "@/components/list/AppCard";
import { AppTable } from "@/components/list/AppTable";
import { useGroups } from "@/components/list/useGroups";
import { focusCurrentRow } from "@/components/list/selection";
import { createPart, loadPartsWhenIdle } from "@/components/parts";
import { CreateFailed, LogsFailed, PaletteFailed } from "@/components/shell/Broken";
import { BulkBar } from "@/components/shell/BulkBar";
import { EmptyState, Loading, NoMatches } from "@/components/shell/EmptyState";
import { Header } from "@/components/shell/Header";
import { NewVersion } from "@/components/shell/NewVersion";
import { ProblemsBanner } from "@/components/shell/ProblemsBanner";
import { Toolbar } from "@/components/shell/Toolbar";
import { Totals } from "@/components/shell/Totals";
import { layerId, TooltipProvider } from "@/components/ui/Tooltip";
import { FocusFallback } from "@/components/ui/useReturnFocus";
import { useKeyboard } from "@/hooks/useKeyboard";
import { useMediaQuery, wide } from "@/hooks/useMediaQuery";
import { useStore } from "@/hooks/useStore";
import { fleet, view } from "@/services";

const CreateDialog = createPart(
  async () => (await import("@/components/dialogs/CreateDialog")).CreateDialog,
  CreateFailed,
);
const Palette = createPart(async () => (await import("@/components/dialogs/Palette")).Palette, PaletteFailed);
const LogPanel = createPart(async () => (await import("@/logs/LogPanel")).LogPanel, LogsFailed);

const toastIcons = {
  success: <CircleCheck size={17} className="text-online" />,
  warning: <TriangleAlert size={17} className="text-unknown" />,
  error: <CircleAlert size={17} className="text-errored" />,
};

function List() {
  const groups = useGroups();
  const isWide = useMediaQuery(wide);
  const loaded = useStore(fleet, (state) => state.loaded);
  const empty = useStore(fleet, (state) => state.order.length === 0 && state.operations.length === 0);
  if (!loaded) return <Loading />;
  if (empty) return <EmptyState />;
  return (
    <>
      <Toolbar />
      {groups.length === 0 && <NoMatches />}
      {groups.length > 0 && (isWide ? <AppTable groups={groups} /> : <AppCards groups={groups} />)}
    </>
  );
}

function OpenDialog() {
  const dialog = useStore(view, (v) => v.dialog);
  switch (dialog?.kind) {
    case "create":
      return <CreateDialog fork={dialog.fork ?? null} />;
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

export function App() {
  useKeyboard();
  const loaded = useStore(fleet, (state) => state.loaded);
  useEffect(() => {
    if (loaded) loadPartsWhenIdle();
  }, [loaded]);
  const isWide = useMediaQuery(wide);
  const covered = useStore(view, (v) => v.logs !== null) && !isWide;
  return (
    <FocusFallback value={focusCurrentRow}>
      <TooltipProvider delayDuration={350}>
        <div className="flex h-dvh flex-col">
          {/* On a narrow screen the logs cover all of this. */}
          <div className="contents" inert={covered}>
            <Header />
            <NewVersion />
            <ProblemsBanner />
            <main className="relative flex min-h-0 grow flex-col">
              {/* A row that gets the focus keeps clear of the table's head and of the bar for the selection. */}
              <div className="min-h-0 grow overflow-auto scroll-pb-16 wide:scroll-pt-8" data-testid="list-scroll">
                <div className="border-b border-line bg-surface px-4 py-2 totals:hidden">
                  <Totals />
                </div>
                <List />
                <div className="h-16" />
              </div>
              <BulkBar />
              <div id={layerId} />
            </main>
          </div>
          <OpenLogs />
        </div>
        <OpenDialog />
        <Toaster
          theme="system"
          position="bottom-right"
          closeButton
          visibleToasts={4}
          containerAriaLabel="Messages"
          icons={toastIcons}
        />
      </TooltipProvider>
    </FocusFallback>
  );
}
