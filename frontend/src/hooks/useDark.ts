import { view } from "@/services";
import { useMediaQuery } from "./useMediaQuery";
import { useStore } from "./useStore";

/** Whether the page is dark: as somebody chose, else as the system is. For what draws by itself; the rest is CSS. */
export function useDark(): boolean {
  const theme = useStore(view, (v) => v.theme);
  const system = useMediaQuery("(prefers-color-scheme: dark)");
  return theme === "system" ? system : theme === "dark";
}
