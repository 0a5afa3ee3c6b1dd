import { Audit } from "@/features/audit/Audit";
import { inDashboard } from "@/features/shell/layout";
import { type PageWithLayout } from "@/ui/page";
import { PageHead } from "@/ui/PageHead";

const AuditPage: PageWithLayout = () => (
  <>
    <PageHead title="Audit">
      Who changed what, here, in Slack or by a rule. Nobody can change these lines.
    </PageHead>
    <Audit />
  </>
);
AuditPage.title = "Audit";
AuditPage.layout = inDashboard;
export default AuditPage;
