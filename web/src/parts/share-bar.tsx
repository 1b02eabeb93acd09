// parts/share-bar.tsx: a part of a whole as a bar; its figure stands beside it.
// SPDX-License-Identifier: MIT

interface ShareBarProps {
  part: number;
  whole: number;
  place?: "beside" | "under" | "";
  tone?: string;
}

export function ShareBar({ part, whole, place = "", tone = "" }: ShareBarProps) {
  const percent = whole > 0 ? Math.min(100, (100 * part) / whole) : 0;
  return (
    <span class={`track ${place} ${tone}`}><i style={{ width: `${percent.toFixed(1)}%` }} /></span>
  );
}
