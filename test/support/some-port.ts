/** Draws a port below those that the system hands out: two test files that start servers at the same moment then hardly ever ask for the same one. */
export function somePort(): number {
  return 18_000 + Math.floor(Math.random() * 13_000);
}
