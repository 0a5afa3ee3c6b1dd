import type { NextPage } from "next";
import type { ReactElement, ReactNode } from "react";

/** A page, its name for the window, and what stands around it; what is around stays when pages change. */
export type PageWithLayout = NextPage & {
  title?: string;
  layout?: (page: ReactElement) => ReactNode;
};
