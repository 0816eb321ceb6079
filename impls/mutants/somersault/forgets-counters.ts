import { Unit } from '../../somersault/unit.ts';

/** A promoted secondary begins every connection anew. */
export class ForgetsCounters extends Unit {
  protected override promote(): void {
    for (const [peer, { ep }] of this.connections) this.connections.set(peer, this.makeConnection(ep));
    super.promote();
  }
}
