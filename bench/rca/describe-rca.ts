/** Says what the tables tell of, and how to read them. */
export function describeRca(measuredAt: Date): string {
  return `Measured on ${measuredAt.toISOString().slice(0, 10)} with the embedded reasoner, without a model, on the public half of each data set.

The incidents are published by others and not part of this repository: [Nezha](https://github.com/IntelligentDDS/Nezha),
[PetShop](https://github.com/amazon-science/petshop-root-cause-analysis), [RootCauseBench](https://github.com/edgedelta/root-cause-bench),
[OpenSRE](https://github.com/Tracer-Cloud/opensre) and [TVDiag](https://github.com/WHU-AISE/TVDiag). \`bench/rca/convert\` turns each into a
[case](case-format.md) that holds what an on-call engineer would have: the alert says who hurts and by which measure, never why; the onset is not given unless a row
says so. Every case goes through the tools, policies and loop of the product.

AC@k: a right entity is among the first k of the ranking, ties counted by chance; Avg@5: the mean of AC@1 to AC@5. Strictly right: the verdict is that a cause was found,
and the first cause is right. By the rules of the sets themselves it is so in RootCauseBench when the change blamed is the culprit (or, where no change did it, none is blamed), and in OpenSRE
when the kind of fault is of the right class (or, where nothing was wrong, nothing is blamed); these two count so in the first of the ranking too.
Abstained: no cause was stated although there was one. Candidates: how many entities could be named. N-Sigma and BARO's scorer are small implementations of the
published formulas on the same metrics, and always name something. Intervals are Wilson's, of 95 %. Onsets of Nezha cannot be found as they are: its recordings hold nothing from right
before a fault, and the first minute of traces and logs of each is left out, so what is found lies at least that much later.`;
}
