import "@/styles/globals.css";
import { type PageWithLayout } from "@/ui/page";
import type { AppProps } from "next/app";
import localFont from "next/font/local";
import Head from "next/head";

const sans = localFont({
  src: "../../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
  variable: "--font-inter",
  weight: "100 900",
});
// Commands and names of resources: not worth waiting for.
const mono = localFont({
  src: "../../node_modules/@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2",
  variable: "--font-mono-face",
  weight: "100 800",
  preload: false,
});

export default function App({ Component, pageProps }: AppProps & { Component: PageWithLayout }) {
  const page = <Component {...pageProps} />;
  return (
    <div className={`${sans.variable} ${mono.variable} font-sans`}>
      <Head>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{Component.title ? `${Component.title} · dd0c/cost` : "dd0c/cost"}</title>
      </Head>
      {Component.layout ? Component.layout(page) : page}
    </div>
  );
}
