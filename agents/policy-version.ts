// Written by `npm run index`; do not edit.

/** Version of the embedded policies: a hash of their sources, so that it changes whenever their judgement may have. */
export const policyVersion = 'embedded-ba02b4b9bf6e';
