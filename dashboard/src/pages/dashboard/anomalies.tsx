import { Anomalies } from "@/features/anomalies/Anomalies";
import { inDashboard } from "@/features/shell/layout";
import { type PageWithLayout } from "@/ui/page";
import { PageHead } from "@/ui/PageHead";

const AnomaliesPage: PageWithLayout = () => (
  <>
    <PageHead title="Anomalies">What was started and is unusual for who started it.</PageHead>
    <Anomalies />
  </>
);
AnomaliesPage.title = "Anomalies";
AnomaliesPage.layout = inDashboard;
export default AnomaliesPage;
