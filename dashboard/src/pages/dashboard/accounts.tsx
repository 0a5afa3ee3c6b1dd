import { AccountList } from "@/features/accounts/AccountList";
import { inDashboard } from "@/features/shell/layout";
import { ButtonLink } from "@/ui/Button";
import { type PageWithLayout } from "@/ui/page";
import { PageHead } from "@/ui/PageHead";
import { Plus } from "lucide-react";

/** The accounts that are watched. */
const Accounts: PageWithLayout = () => (
  <>
    <PageHead
      title="Accounts"
      actions={
        <ButtonLink look="primary" href="/dashboard/connect">
          <Plus aria-hidden className="size-4" />
          Connect another
        </ButtonLink>
      }
    >
      Which AWS accounts we watch, and whether we can watch them as we should.
    </PageHead>
    <AccountList />
  </>
);
Accounts.title = "Accounts";
Accounts.layout = inDashboard;
export default Accounts;
