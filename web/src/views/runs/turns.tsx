// views/runs/turns.tsx: the turns of a run as they are counted, while the drawer is open.
// SPDX-License-Identifier: MIT

import { useMemo, useState } from "preact/hooks";
import type { Turn } from "../../api/types";
import { Bars } from "../../chart/bars";
import { tokens } from "../../format";
import { ChartCard, columnsGrid, Legend } from "../../parts/chart-card";
import { turnColumns } from "../../runs";
import { KINDS } from "../../usage";

export function Turns({ turns, running }: { turns: readonly Turn[]; running: boolean }) {
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());
  const columns = useMemo(() => turnColumns(turns), [turns]);
  if (columns.length === 0)
    return running ? <p class="small muted">Turns appear here as they are counted.</p> : null;
  return (
    <ChartCard
      id="turns" title="Turn by turn" plain grid={() => columnsGrid("Turn", columns, KINDS)}
      foot={<Legend columns={columns} series={KINDS} hidden={hidden} onHide={setHidden} />}
    >
      <Bars
        label="Tokens of each turn" columns={columns} series={KINDS} hidden={hidden}
        format={tokens} height={176}
      />
    </ChartCard>
  );
}
