import { AccountPage, AccountSkeleton, Unknown } from "@/features/accounts/AccountPage";
import { inDashboard } from "@/features/shell/layout";
import { type PageWithLayout } from "@/ui/page";
import { useRouter } from "next/router";

/** One account: `?id=` says which. */
const AccountOfAddress: PageWithLayout = () => {
  const { isReady, query } = useRouter();
  if (!isReady) return <AccountSkeleton />;
  if (typeof query.id !== "string" || !/^\d{12}$/.test(query.id)) return <Unknown id={undefined} />;
  return <AccountPage key={query.id} id={query.id} />;
};
AccountOfAddress.title = "Account";
AccountOfAddress.layout = inDashboard;
export default AccountOfAddress;
