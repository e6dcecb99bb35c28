/**
 * What the audit log tells of that is no change, by method. The patterns are written without a backslash, so that they mean the same here and in a filter of
 * Cloud Logging.
 */

/** Nobody changes anything by these: leases, events, bindings, questions about rights, tokens, and what controllers note as status. */
export const neverChange =
  /[.](leases|events|pods[.](binding|status)|tokenreviews|(self|local)?subject(access|rules)reviews|serviceaccounts[.]token)([.]|$)|[.]status[.](update|patch)$/;

/** Controllers make and remove these all the time; a change where an annotation says so. */
export const rarelyChange = /[.](jobs|pods|endpoints|endpointslices)[.]|[.]replicasets[.][a-z]+$/;
