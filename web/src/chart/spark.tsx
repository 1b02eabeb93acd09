// chart/spark.tsx: a row of little columns, for a table's cell.
// SPDX-License-Identifier: MIT

import { tokens } from "../format";

interface SparkProps {
  values: readonly number[];
  /** the column of today */
  strong: number;
}

const WIDTH = 92;
const HEIGHT = 22;

export function Spark({ values, strong }: SparkProps) {
  const top = Math.max(1, ...values);
  const slot = WIDTH / values.length;
  const wide = Math.max(1, slot * 0.74);
  return (
    <svg
      class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img"
      aria-label={`By day: ${values.map(tokens).join(", ")}`}
    >
      {values.map((value, i) => {
        const tall = value > 0 ? Math.max(1.5, (20 * value) / top) : 1;
        return (
          <rect
            key={i} class={value === 0 ? "none" : i === strong ? "strong" : ""}
            x={i * slot} y={HEIGHT - 1 - tall} width={wide} height={tall} rx={value > 0 ? 1 : 0}
          />
        );
      })}
    </svg>
  );
}
