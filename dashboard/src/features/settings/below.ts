// What is below what is read first, in one script that comes a moment later.

export { Channels } from "@/features/settings/Channels";
export { Receiver } from "@/features/settings/Receiver";
export { DeleteEverything } from "@/features/tenant/DeleteEverything";
