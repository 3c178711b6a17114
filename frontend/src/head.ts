// What the tab says while nobody looks: its title and icon follow the worst state and the view; and the theme, which is
// the whole document's.
import type { Fleet } from "@/state/fleet";
import { iconOf, titleOf } from "@/state/headline";
import type { ReadableStore } from "@/state/store";
import type { View } from "@/state/view";

export function startHead(fleet: ReadableStore<Fleet>, view: ReadableStore<View>): void {
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const show = () => {
    const { place, theme } = view.get();
    const title = titleOf(place, fleet.get());
    if (document.title !== title) document.title = title;
    const href = iconOf(fleet.get());
    if (icon !== null && icon.getAttribute("href") !== href) icon.setAttribute("href", href);
    const { dataset } = document.documentElement;
    if (theme === "system") delete dataset["theme"];
    else if (dataset["theme"] !== theme) dataset["theme"] = theme;
  };
  show();
  fleet.subscribe(show);
  view.subscribe(show);
}
