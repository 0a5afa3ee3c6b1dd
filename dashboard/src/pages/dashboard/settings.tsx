import { Alerts } from "@/features/settings/Alerts";
import { SettingsPage } from "@/features/settings/SettingsPage";
import { inDashboard } from "@/features/shell/layout";
import { type PageWithLayout } from "@/ui/page";

const AlertsPage: PageWithLayout = () => (
  <SettingsPage>
    <Alerts />
  </SettingsPage>
);
AlertsPage.title = "Settings";
AlertsPage.layout = inDashboard;
export default AlertsPage;
