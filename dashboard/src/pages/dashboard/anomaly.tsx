import { AnomalyDetail, Unknown } from "@/features/anomaly/AnomalyDetail";
import { Coming } from "@/features/anomaly/Coming";
import { inDashboard } from "@/features/shell/layout";
import { type PageWithLayout } from "@/ui/page";
import { useRouter } from "next/router";

const AnomalyPage: PageWithLayout = () => {
  const { isReady, query } = useRouter();
  if (!isReady) return <Coming />;
  if (typeof query.id !== "string" || query.id === "") return <Unknown named={false} />;
  // Another anomaly is another page: nothing of the one before stays in it.
  return <AnomalyDetail key={query.id} id={query.id} />;
};
AnomalyPage.title = "Anomaly";
AnomalyPage.layout = inDashboard;
export default AnomalyPage;
