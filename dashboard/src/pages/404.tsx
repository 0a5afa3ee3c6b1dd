import { Alone } from "@/ui/Alone";
import { buttonClasses } from "@/ui/Button";
import { type PageWithLayout } from "@/ui/page";

/** Nothing stands at this address. */
const NotFound: PageWithLayout = () => (
  <Alone title="This page does not exist">
    <p className="text-sm text-muted">The address may be mistyped, or the page has moved.</p>
    <a href="/dashboard" className={buttonClasses("primary")}>
      To the dashboard
    </a>
  </Alone>
);
NotFound.title = "Not found";
export default NotFound;
