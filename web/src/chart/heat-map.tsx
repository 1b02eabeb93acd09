// chart/heat-map.tsx: a year of days, the newest week at the right.
//
// A narrow page shows fewer weeks, never smaller ones.
// SPDX-License-Identifier: MIT

import { useRef } from "preact/hooks";
import { type Day, longDay, monthAndYear } from "../dates";
import { exact } from "../format";
import { useWidth } from "./frame";
import { heatWeeks } from "./heat";

const GAP = 3;
const LEFT = 30;
const TOP = 20;
const LEAST = 12;
const MOST = 19;
const YEAR = 53;

interface HeatMapProps {
  amounts: ReadonlyMap<Day, number>;
  today: Day;
  label: string;
}

export function HeatMap({ amounts, today, label }: HeatMapProps) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const cell = Math.min(MOST, Math.max(LEAST, Math.floor((width - LEFT) / YEAR) - GAP));
  const weeks = Math.max(1, Math.min(YEAR, Math.floor((width - LEFT + GAP) / (cell + GAP))));
  const height = TOP + 7 * (cell + GAP);
  const columns = width > 0 ? heatWeeks(amounts, today, weeks) : [];
  return (
    <div class="chart" role="img" aria-label={label}>
      <div ref={box} class="plot-box" style={{ height: `${height}px` }}>
        {width > 0 && (
          <svg class="plot" viewBox={`0 0 ${width} ${height}`} height={height} aria-hidden="true">
            {["Mon", "Wed", "Fri"].map((name, i) => (
              <text key={name} x={0} y={TOP + (i * 2 + 0.5) * (cell + GAP) + 3}>{name}</text>
            ))}
            {monthMarks(columns.map((c) => c[0]?.day ?? today)).map(({ week, text }) => (
              <text key={week} x={LEFT + week * (cell + GAP)} y={11}>{text}</text>
            ))}
            {columns.map((days, week) => days.map((d, i) => (
              <rect
                key={d.day} class={`heat-${d.level}`} x={LEFT + week * (cell + GAP)}
                y={TOP + i * (cell + GAP)} width={cell} height={cell} rx={2.5}
              >
                <title>{`${longDay(d.day, today)}: ${exact(d.tokens)} tokens`}</title>
              </rect>
            )))}
          </svg>
        )}
      </div>
    </div>
  );
}

/** The name of a month over its first week, where there is room for it. */
function monthMarks(mondays: readonly Day[]): { week: number; text: string }[] {
  const marks: { week: number; text: string }[] = [];
  mondays.forEach((day, week) => {
    const text = monthAndYear(day).slice(0, 3);
    const isNew = mondays[week - 1]?.slice(0, 7) !== day.slice(0, 7);
    const isFree = week - (marks.at(-1)?.week ?? -9) >= 3;
    if (isNew && isFree && week < mondays.length - 1)
      marks.push({ week, text });
  });
  return marks;
}
