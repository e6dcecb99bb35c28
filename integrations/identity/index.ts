/** What makes a machine ready for decisions: the keys and the token that the local stack starts with. */
export { ensureGrantKeys } from './grant-keys.ts';
export { ensureToken } from './tokens.ts';
