import { inDashboard } from "@/features/shell/layout";
import { Zombies } from "@/features/zombies/Zombies";
import { type PageWithLayout } from "@/ui/page";
import { PageHead } from "@/ui/PageHead";

const ZombiesPage: PageWithLayout = () => (
  <>
    <PageHead title="Zombies">What costs money and does nothing. We touch none of it.</PageHead>
    <Zombies />
  </>
);
ZombiesPage.title = "Zombies";
ZombiesPage.layout = inDashboard;
export default ZombiesPage;
