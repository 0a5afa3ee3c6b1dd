import { PRO_PRICE } from "@/features/landing/proPrice";
import { Part } from "@/features/landing/Part";
import { buttonClasses } from "@/ui/Button";
import { classes } from "@/ui/classes";

const PLANS = [
  {
    name: "Free",
    price: "$0",
    per: "for one account",
    text: "Everything there is: alerts, the daily digest, zombies, the API. No card asked for, no end.",
    begin: "Start free",
  },
  {
    name: "Pro",
    price: PRO_PRICE,
    per: "per active account and month",
    text: "The same for any number of accounts. Disconnect one, and you no longer pay for it.",
    begin: "Start free, upgrade later",
  },
];

/** What it costs. */
export function Price() {
  return (
    <Part
      id="price"
      title="Price"
      beside
      lead="Nothing is held back from the free plan but the number of accounts."
    >
      <div className="grid gap-5 md:grid-cols-2">
        {PLANS.map(({ name, price, per, text, begin }) => (
          <div
            key={name}
            className="flex flex-col rounded-xl border border-line bg-surface p-6 shadow-raised"
          >
            <h3 className="text-lg font-semibold">{name}</h3>
            <p className="mt-2 flex flex-wrap items-baseline gap-x-2">
              <span className="text-4xl font-semibold tracking-tight">{price}</span>
              <span className="text-muted">{per}</span>
            </p>
            <p className="mt-3 mb-6">{text}</p>
            <a
              href="/dashboard/connect"
              className={classes(
                buttonClasses(name === "Free" ? "primary" : "secondary"),
                "mt-auto",
              )}
            >
              {begin}
            </a>
          </div>
        ))}
      </div>
    </Part>
  );
}
