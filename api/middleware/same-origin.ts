/** Tells whether a page comes from here. The scheme is left open: whoever ends TLS in front of us changes it. */
export function isSameOrigin(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}
