// views/usage/reading.tsx: the first read of the logs is under way, and how far it is.
// SPDX-License-Identifier: MIT

import { live } from "../../state/live";

export function ReadingNote() {
  const permille = live.value?.reading?.permille;
  const percent = permille === undefined ? undefined : Math.floor(permille / 10);
  return (
    <section class="card reading" aria-label="First read">
      <p role="status">
        <b>Reading the logs for the first time.</b> Figures grow as it goes.
      </p>
      {percent !== undefined && (
        <>
          <span
            class="track" role="progressbar" aria-label="Logs read" aria-valuemin={0}
            aria-valuemax={100} aria-valuenow={percent}
          >
            <i style={{ width: `${percent}%` }} />
          </span>
          <b class="percent">{percent}%</b>
        </>
      )}
    </section>
  );
}
