/**
 * Numbers of rounds of a measurement: as many as begin within some seconds, at least `least`, so that a middle means
 * something, and at most `most`.
 */
export function* rounds(seconds: number, least = 3, most = 9): Generator<number> {
  const end = performance.now() + seconds * 1000;
  for (let round = 0; round < most && (round < least || performance.now() < end); round++) yield round;
}
