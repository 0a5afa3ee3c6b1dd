/** Our sign, drawn once: the window's icon is the same file. */
export function LogoSign({ size }: { size: number }) {
  return <img src="/icon.svg" alt="" width={size} height={size} />;
}

/** Our sign and name. */
export function Logo() {
  return (
    <span className="inline-flex items-center gap-2 font-semibold tracking-tight">
      <LogoSign size={28} />
      dd0c/cost
    </span>
  );
}
