// What is below what is read first, in one script that comes a moment later.

export { Events } from "@/features/anomaly/Events";
export { Related } from "@/features/anomaly/Related";
export { ScoreChart } from "@/features/anomaly/ScoreChart";
