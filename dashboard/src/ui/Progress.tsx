/** How much of something is done, as a bar; who shows it says it in words, too. */
export function Progress({ percent, label }: { percent: number; label: string }) {
  const done = Math.min(100, Math.max(0, percent));
  return (
    <svg
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={done}
      viewBox="0 0 100 1"
      preserveAspectRatio="none"
      className="block h-2 w-full overflow-hidden rounded-full bg-sunken"
    >
      <rect width={done} height="1" className="fill-accent transition-[width] duration-500" />
    </svg>
  );
}
