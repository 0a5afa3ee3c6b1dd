import { Skeleton } from "@/ui/states";

/** The page in outline, until it is read. */
export function Coming() {
  return (
    <div role="status" aria-label="Loading the anomaly" className="space-y-5">
      <h1 className="sr-only">Anomaly</h1>
      <div className="space-y-2">
        <Skeleton className="h-5 w-24" />
        <Skeleton className="h-8 w-80 max-w-full" />
        <Skeleton className="h-6 w-40" />
      </div>
      <div className="grid gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="order-1 space-y-5 lg:order-none">
          <Skeleton className="h-130 w-full" />
          <Skeleton className="h-96 w-full" />
        </div>
        <div className="space-y-5">
          <Skeleton className="h-44 w-full" />
          <Skeleton className="h-36 w-full" />
        </div>
      </div>
    </div>
  );
}
