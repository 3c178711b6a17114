// All that is not in the first load: what is not the list. Each says in its own place when it cannot be fetched.
import { alsoWhenIdle, createPart } from "./parts";
import {
  CommandsFailed,
  ConfirmFailed,
  CreateFailed,
  DetailFailed,
  DockFailed,
  GraphsFailed,
  HealthFailed,
  HelpFailed,
  MessagesFailed,
  ViewFailed,
} from "./shell/Broken";
import { menus } from "./ui/Menu";
import { popovers } from "./ui/Popover";

alsoWhenIdle(menus.load, popovers.load);

export const AppDetail = createPart(async () => (await import("./list/AppDetail")).AppDetail, DetailFailed);
export const MetricCharts = createPart(async () => (await import("./charts/MetricCharts")).MetricCharts, GraphsFailed);

export const LogView = createPart(async () => (await import("@/logs/LogView")).LogView, ViewFailed);
export const LogPanel = createPart(async () => (await import("@/logs/LogPanel")).LogPanel, DockFailed);

export const CreateDialog = createPart(async () => (await import("./dialogs/CreateDialog")).CreateDialog, CreateFailed);
export const BulkDialog = createPart(async () => (await import("./dialogs/ConfirmDialogs")).BulkDialog, ConfirmFailed);
export const HelpDialog = createPart(async () => (await import("./dialogs/HelpDialog")).HelpDialog, HelpFailed);
export const Palette = createPart(async () => (await import("./dialogs/Palette")).Palette, CommandsFailed);

export const Gallery = createPart(async () => (await import("./gallery/Gallery")).Gallery, ViewFailed);
export const AppPage = createPart(async () => (await import("./app/AppPage")).AppPage, ViewFailed);
export const ActivityPage = createPart(async () => (await import("./activity/ActivityPage")).ActivityPage, ViewFailed);
export const TemplatesPage = createPart(
  async () => (await import("./templates/TemplatesPage")).TemplatesPage,
  ViewFailed,
);
export const LogsPage = createPart(async () => (await import("./logs/LogsPage")).LogsPage, ViewFailed);
export const Nowhere = createPart(async () => (await import("./shell/Nowhere")).Nowhere, ViewFailed);

export const HealthFacts = createPart(async () => (await import("./shell/HealthFacts")).HealthFacts, HealthFailed);
export const Messages = createPart(async () => (await import("./shell/Messages")).Messages, MessagesFailed);
