import { inDashboard } from "@/features/shell/layout";
import { type PageWithLayout } from "@/ui/page";

const Overview: PageWithLayout = () => <h1>Overview</h1>;
Overview.title = "Overview";
Overview.layout = inDashboard;
export default Overview;
