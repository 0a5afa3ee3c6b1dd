import { Overview } from "@/features/overview/Overview";
import { inDashboard } from "@/features/shell/layout";
import { type PageWithLayout } from "@/ui/page";
import { PageHead } from "@/ui/PageHead";

const OverviewPage: PageWithLayout = () => (
  <>
    <PageHead title="Overview" />
    <Overview />
  </>
);
OverviewPage.title = "Overview";
OverviewPage.layout = inDashboard;
export default OverviewPage;
