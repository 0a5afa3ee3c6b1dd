import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Logic alone: what people see and press is tried in a browser (e2e/).
export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  test: { include: ["src/**/*.test.ts", "scripts/**/*.test.ts"], environment: "node" },
});
