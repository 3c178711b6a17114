// Build and development settings of the dashboard.
// The development server stands in for Berth's own origin: Berth refuses a foreign Host or Origin, so the proxy
// speaks to it as if the page had come from Berth itself.
import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const berth = process.env["BERTH_URL"] ?? "http://localhost:3099";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: {
    port: 5173,
    proxy: {
      "/api": { target: berth, changeOrigin: true, ws: true, headers: { origin: berth } },
    },
  },
  build: {
    target: "es2022",
    // The polyfill would be the only inline-like bootstrap code; every supported browser preloads modules itself.
    modulePreload: { polyfill: false },
    // A data: address would need an exception in the CSP; a small file costs one request on loopback.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
