import type { Convert } from './bench-case.ts';
import { convertHealthyNezha, convertNezha } from './convert/nezha.ts';
import { convertHealthyOpensre, convertOpensre } from './convert/opensre.ts';
import { convertHealthyPetshop, convertPetshop } from './convert/petshop.ts';
import { convertRootCauseBench } from './convert/root-cause-bench.ts';
import { convertTvdiag } from './convert/tvdiag.ts';

/**
 * A way in which the cases of a set are answered: as they are; with the onset given; with metrics alone; or, for comparison, by a published method on the
 * metrics, which is given the onset.
 */
export type Variant = 'detected' | 'onset' | 'metrics' | 'n-sigma' | 'baro';

/** Other people's incidents of one kind. */
export interface BenchSet {
  readonly name: string;
  readonly title: string;
  /** Below the folder of the data. */
  readonly folder: string;
  readonly convert: Convert;
  /** What an answer is held against. */
  readonly gradedBy: 'entity' | 'change' | 'category' | 'health';
  readonly isPooled: boolean;
  readonly variants: readonly Variant[];
}

const base = { gradedBy: 'entity', isPooled: true, variants: ['detected'] } as const;
const nezha = {
  ...base,
  folder: 'nezha',
  variants: ['detected', 'onset', 'metrics', 'n-sigma', 'baro'],
} as const;
const tvdiag = { ...base, folder: 'tvdiag', isPooled: false } as const;
const healthy = { ...base, gradedBy: 'health', isPooled: false } as const;

/** Every set, in the order of the tables. */
export const benchSets: readonly BenchSet[] = [
  { ...nezha, name: 'nezha-ob', title: 'Nezha, Online Boutique', convert: convertNezha('ob') },
  { ...nezha, name: 'nezha-tt', title: 'Nezha, Train Ticket', convert: convertNezha('tt') },
  {
    ...base,
    ...{ name: 'petshop', title: 'PetShop', folder: 'petshop', convert: convertPetshop },
    variants: ['detected', 'onset', 'n-sigma', 'baro'],
  },
  {
    ...base,
    ...{ name: 'rootcausebench', title: 'RootCauseBench', folder: 'rootcausebench' },
    ...{ convert: convertRootCauseBench, gradedBy: 'change' },
  },
  {
    ...base,
    ...{ name: 'opensre', title: 'OpenSRE synthetic', folder: 'opensre-synthetic' },
    ...{ convert: convertOpensre, gradedBy: 'category' },
  },
  { ...tvdiag, name: 'tvdiag-gaia', title: 'TVDiag, GAIA', convert: convertTvdiag('gaia') },
  {
    ...tvdiag,
    ...{ name: 'tvdiag-sockshop', title: 'TVDiag, Sock Shop', convert: convertTvdiag('sockshop') },
  },
  { ...tvdiag, name: 'tvdiag-hotel', title: 'TVDiag, Hotel', convert: convertTvdiag('hotel') },
  {
    ...healthy,
    ...{ name: 'healthy-nezha-ob', title: 'Nezha, Online Boutique', folder: 'nezha' },
    convert: convertHealthyNezha('ob'),
  },
  {
    ...healthy,
    ...{ name: 'healthy-nezha-tt', title: 'Nezha, Train Ticket', folder: 'nezha' },
    convert: convertHealthyNezha('tt'),
  },
  {
    ...healthy,
    ...{ name: 'healthy-petshop', title: 'PetShop', folder: 'petshop' },
    convert: convertHealthyPetshop,
  },
  {
    ...healthy,
    ...{ name: 'healthy-opensre', title: 'OpenSRE synthetic', folder: 'opensre-synthetic' },
    convert: convertHealthyOpensre,
  },
];
