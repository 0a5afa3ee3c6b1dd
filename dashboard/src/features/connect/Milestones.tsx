import { milestones, type SetupStanding } from "@/features/connect/standing";
import { Sign } from "@/ui/Sign";

/** How far setting up is, step by step; read aloud when it goes on. */
export function Milestones({ standing, opened }: { standing: SetupStanding; opened: boolean }) {
  return (
    <ol aria-label="Progress" aria-live="polite" className="space-y-4 rounded-lg bg-sunken p-4">
      {milestones(standing, opened).map(({ name, text, sign }) => (
        <li key={name} className="flex gap-3">
          <Sign of={sign} />
          <div>
            <p className="font-medium">{name}</p>
            <p className="text-sm text-muted">{text}</p>
          </div>
        </li>
      ))}
    </ol>
  );
}
