import { type Pages } from "@/api/read";
import { Button } from "@/ui/Button";

/** Below a list that has more than is shown. */
export function LoadMore({
  of,
  label = "Show more",
}: {
  of: Pick<Pages<unknown>, "error" | "hasMore" | "loadingMore" | "loadMore">;
  label?: string;
}) {
  if (!of.hasMore) return null;
  return (
    <div className="flex justify-center pt-4">
      <Button onClick={of.loadMore} busy={of.loadingMore}>
        {of.error ? "Not loaded: try again" : label}
      </Button>
    </div>
  );
}
