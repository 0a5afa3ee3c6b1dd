import { ConnectWizard } from "@/features/connect/ConnectWizard";
import { inDashboard } from "@/features/shell/layout";
import { type PageWithLayout } from "@/ui/page";
import { PageHead } from "@/ui/PageHead";

/** Connecting an account, from AWS to the first rehearsal. */
const Connect: PageWithLayout = () => (
  <>
    <PageHead title="Connect an account">
      Three steps, about five minutes, most of them waiting for AWS.
    </PageHead>
    <ConnectWizard />
  </>
);
Connect.title = "Connect an account";
Connect.layout = inDashboard;
export default Connect;
