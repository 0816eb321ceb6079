import { Unit } from '../../somersault/unit.ts';

/** The primary lets its outputs go as soon as it has executed: what only it had is lost with it. */
export class RepliesBeforeLogged extends Unit {
  protected override maySend(): boolean {
    return this.isSender || this.isPrimary;
  }
}
