// views/usage/trouble.tsx: there is no report to draw: the sentence that says why, and the way out.
// SPDX-License-Identifier: MIT

interface TroubleProps {
  message: string;
  onRetry: () => void;
}

export function Trouble({ message, onRetry }: TroubleProps) {
  return (
    <section class="card" aria-labelledby="trouble">
      <div class="void" role="alert">
        <h2 id="trouble">The figures could not be fetched</h2>
        <p>{message}</p>
        <button class="button" type="button" onClick={onRetry}>Try again</button>
      </div>
    </section>
  );
}
