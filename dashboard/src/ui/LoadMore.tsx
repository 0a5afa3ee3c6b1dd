import { type Pages } from "@/api/read";
import { Button } from "@/ui/Button";

/** Below a list that has more than is shown. */
export function LoadMore({
  of,
  label = "Show more",
}: {
  of: Pick<Pages<unknown>, "hasMore" | "loadingMore" | "loadMore" | "error">;
  label?: string;
}) {
  if (!of.hasMore) return null;
  return (
    <div className="flex flex-wrap items-center justify-center gap-3 pt-4">
      {of.error && (
        <p role="alert" className="text-sm text-critical">
          The rest cannot be read: {of.error.message}
        </p>
      )}
      <Button onClick={of.loadMore} busy={of.loadingMore}>
        {label}
      </Button>
    </div>
  );
}
