// What is below what is read first, in one script that comes a moment later.

export { Baselines } from "@/features/accounts/Baselines";
export { Expectations } from "@/features/accounts/Expectations";
export { GovernanceCard } from "@/features/accounts/GovernanceCard";
