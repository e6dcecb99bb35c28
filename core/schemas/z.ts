/** The one place that hands out zod: everything else takes `z` from here, so that a change of schema language touches one file. */
export { z } from 'zod';
