import type { NextConfig } from "next";

// Files and nothing else: whoever serves them knows no Node.
const config: NextConfig = {
  output: "export",
  reactStrictMode: true,
  images: { unoptimized: true },
  devIndicators: false,
};

export default config;
