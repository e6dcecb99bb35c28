const name = 'holdfast_session';

/** Gives what the cookie of a session holds; null where there is none, or nothing that we could have written. */
export function readSessionCookie(header: string | undefined): string | null {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim());
  const own = pairs.find((pair) => pair.startsWith(`${name}=`));
  const value = own?.slice(name.length + 1) ?? '';
  return /^[\w-]{43}$/.test(value) ? value : null;
}

/** Writes the cookie: out of reach for scripts, and sent by this site's own pages only. `isSecure` keeps it off plain HTTP. */
export function writeSessionCookie(
  session: string,
  { ageMs, isSecure }: { readonly ageMs: number; readonly isSecure: boolean },
): string {
  const age = Math.floor(ageMs / 1_000);
  const attributes = ['Path=/', `Max-Age=${age}`, 'HttpOnly', 'SameSite=Strict'];
  return [`${name}=${session}`, ...attributes, ...(isSecure ? ['Secure'] : [])].join('; ');
}
