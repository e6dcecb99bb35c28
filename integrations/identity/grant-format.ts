/** What every grant says of itself, so that no other token that the same key may come to sign passes for one. */
export const grantIssuer = 'holdfast-api';
export const grantAudience = 'holdfast-action';
export const grantType = 'holdfast-grant+jwt';
export const grantAlgorithm = 'EdDSA';
