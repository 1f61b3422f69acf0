/** Does one piece of work. @returns whether there is more. */
export type Worker = () => boolean;
export type Turns = (worker: Worker) => void;

/**
 * One request per turn of the loop, whoever asks and however much: beats, timers and datagrams come in between. The clients
 * take turns too: whoever sends a thousand requests at once waits for a thousand turns; neither the daemon nor the operator does.
 */
export function takeTurns(): Turns {
  const waiting: Worker[] = [];
  let scheduled = false;
  const schedule = (): void => {
    if (!scheduled && waiting.length > 0) setImmediate(next);
    scheduled = waiting.length > 0;
  };
  const next = (): void => {
    const worker = waiting.shift();
    if (worker?.()) waiting.push(worker);
    scheduled = false;
    schedule();
  };
  return (worker) => {
    waiting.push(worker);
    schedule();
  };
}
