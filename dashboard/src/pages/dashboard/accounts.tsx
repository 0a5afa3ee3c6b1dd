import { AccountList } from "@/features/accounts/AccountList";
import { ConnectAnother } from "@/features/accounts/ConnectAnother";
import { inDashboard } from "@/features/shell/layout";
import { type PageWithLayout } from "@/ui/page";
import { PageHead } from "@/ui/PageHead";

/** The accounts that are watched. */
const Accounts: PageWithLayout = () => (
  <>
    <PageHead title="Accounts" actions={<ConnectAnother />}>
      Which AWS accounts we watch, and whether we can watch them as we should.
    </PageHead>
    <AccountList />
  </>
);
Accounts.title = "Accounts";
Accounts.layout = inDashboard;
export default Accounts;
