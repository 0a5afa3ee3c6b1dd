import { Billing } from "@/features/settings/Billing";
import { SettingsPage } from "@/features/settings/SettingsPage";
import { inDashboard } from "@/features/shell/layout";
import { type PageWithLayout } from "@/ui/page";

const BillingPage: PageWithLayout = () => (
  <SettingsPage>
    <Billing />
  </SettingsPage>
);
BillingPage.title = "Billing";
BillingPage.layout = inDashboard;
export default BillingPage;
