import { Connection } from '../../somersault/connection.ts';
import { Unit } from '../../somersault/unit.ts';

/** A promoted secondary begins every connection anew. */
export class ForgetsCounters extends Unit {
  protected override promote(): void {
    for (const [peer, { ep }] of this.outbound.connections)
      this.outbound.connections.set(peer, new Connection(ep));
    super.promote();
  }
}
