/** Adds up the packed bytes that the first page loads (document, scripts, styles), and those that follow on demand. */
export function pageSizes(folder: string): { readonly first: number; readonly later: number };
