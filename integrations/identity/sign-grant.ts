import type { KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import type { GrantClaims } from '../../core/schemas/action.ts';
import { grantAlgorithm, grantAudience, grantIssuer, grantType } from './grant-format.ts';

/** Signs what a person decided; whoever holds the public key can check it until it expires. Expiry counts in whole seconds, rounded down. */
export type SignGrant = (claims: GrantClaims, at: number) => Promise<string>;

/** Makes the function that signs grants with `privateKey` (Ed25519). */
export function createGrantSigner(privateKey: KeyObject): SignGrant {
  return ({ id, person, actionId, planHash, decision, reasonHash, expiresAt }, at) =>
    new SignJWT({ actionId, planHash, decision, reasonHash })
      .setProtectedHeader({ alg: grantAlgorithm, typ: grantType })
      .setIssuer(grantIssuer)
      .setAudience(grantAudience)
      .setSubject(person)
      .setJti(id)
      .setIssuedAt(Math.floor(at / 1_000))
      .setExpirationTime(Math.floor(expiresAt / 1_000))
      .sign(privateKey);
}
