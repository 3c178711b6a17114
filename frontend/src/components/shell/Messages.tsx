// Draws the messages in a corner.
import { CircleAlert, CircleCheck, TriangleAlert } from "lucide-react";
import { useEffect } from "react";
import { toast, Toaster } from "sonner";
import { useStore } from "@/hooks/useStore";
import { showMessages } from "@/messages";
import { view } from "@/services";

/** Failures stay long enough to be read twice; they are also said to screen readers by the toaster's live region. */
const failureMs = 12_000;

const icons = {
  success: <CircleCheck size={17} className="text-online" />,
  warning: <TriangleAlert size={17} className="text-unknown" />,
  error: <CircleAlert size={17} className="text-errored" />,
};

export function Messages() {
  const theme = useStore(view, (v) => v.theme);
  // After the toaster's own effect, by which it begins to listen.
  useEffect(
    () =>
      showMessages(({ tone, title, detail }) => {
        toast[tone](title, { description: detail, ...(tone !== "success" && { duration: failureMs }) });
      }),
    [],
  );
  return (
    <Toaster
      theme={theme}
      position="bottom-right"
      closeButton
      visibleToasts={4}
      containerAriaLabel="Messages"
      icons={icons}
      mobileOffset={{ bottom: 68 }}
    />
  );
}
