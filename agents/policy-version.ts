// Written by `npm run index`; do not edit.

/** Version of the embedded policies: a hash of their sources, so that it changes whenever their judgement may have. */
export const policyVersion = 'embedded-0a7b2227b34a';
