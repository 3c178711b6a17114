import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ErrorBoundary } from "react-error-boundary";
import { App } from "./App";
import { PageFailed } from "./components/shell/Broken";
import "./index.css";
import { startServices } from "./services";

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no root element.");
// The first reads go out before React has drawn anything.
startServices();
createRoot(root).render(
  <StrictMode>
    <ErrorBoundary FallbackComponent={PageFailed}>
      <App />
    </ErrorBoundary>
  </StrictMode>,
);
