import { Keys } from "@/features/settings/Keys";
import { SettingsPage } from "@/features/settings/SettingsPage";
import { inDashboard } from "@/features/shell/layout";
import { type PageWithLayout } from "@/ui/page";

const KeysPage: PageWithLayout = () => (
  <SettingsPage>
    <Keys />
  </SettingsPage>
);
KeysPage.title = "API keys";
KeysPage.layout = inDashboard;
export default KeysPage;
