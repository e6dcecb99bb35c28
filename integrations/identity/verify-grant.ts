import type { KeyObject } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import { grantClaimsSchema } from '../../core/schemas/action.ts';
import type { DecisionKind, GrantClaims } from '../../core/schemas/action.ts';
import { grantAlgorithm, grantAudience, grantIssuer, grantType } from './grant-format.ts';

/** What a grant says, or why it is worth nothing. */
export type GrantCheck =
  | { readonly ok: true; readonly claims: GrantClaims }
  | { readonly ok: false; readonly because: string };

/** What a grant must be for. */
export interface GrantPurpose {
  readonly actionId: string;
  readonly planHash: string;
  readonly decision: DecisionKind;
}

/** Checks a grant at an instant (epoch ms), and with `purpose` also what it is for. Never rejects: a bad grant is an answer. */
export type VerifyGrant = (
  grant: string | undefined,
  at: number,
  purpose?: GrantPurpose,
) => Promise<GrantCheck>;

/** Makes the function that checks grants against `publicKey` (Ed25519). Single use is for the store to enforce, by the claim `id`. */
export function createGrantVerifier(publicKey: KeyObject): VerifyGrant {
  return async (grant, at, purpose) => {
    if (grant === undefined || grant === '') return refuse('there is no grant');
    try {
      const { payload } = await jwtVerify(grant, publicKey, {
        algorithms: [grantAlgorithm],
        issuer: grantIssuer,
        audience: grantAudience,
        typ: grantType,
        currentDate: new Date(at),
        requiredClaims: ['sub', 'jti', 'exp', 'iat'],
      });
      const claims = grantClaimsSchema.safeParse({
        id: payload.jti,
        person: payload.sub,
        actionId: payload['actionId'],
        planHash: payload['planHash'],
        decision: payload['decision'],
        reasonHash: payload['reasonHash'],
        expiresAt: (payload.exp ?? 0) * 1_000,
      });
      if (!claims.success) return refuse('the grant does not say what it is for');
      const mismatch = purpose === undefined ? null : mismatchOf(claims.data, purpose);
      return mismatch === null ? { ok: true, claims: claims.data } : refuse(mismatch);
    } catch (error) {
      return refuse(reasonOf(error));
    }
  };
}

function mismatchOf(claims: GrantClaims, purpose: GrantPurpose): string | null {
  if (claims.actionId !== purpose.actionId) return 'the grant is for another action';
  if (claims.planHash !== purpose.planHash) return 'the grant is for another plan hash';
  return claims.decision === purpose.decision ? null : 'the grant is for the other decision';
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'the grant has expired';
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return 'the signature of the grant is bad';
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return `the grant is not one of ours: its ${error.claim} is wrong`;
  }
  return 'the grant cannot be read';
}

function refuse(because: string): GrantCheck {
  return { ok: false, because };
}
