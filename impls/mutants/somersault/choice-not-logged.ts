import type { Json } from '../../../core/json.ts';
import { memberId } from '../../../core/ids.ts';
import { defined } from '../../../core/assert.ts';
import type { Choice } from '../../apps/app.ts';
import type { Execution } from '../../somersault/execution.ts';
import { Unit } from '../../somersault/unit.ts';

/** A promoted primary goes on making its choices as the secondary that it was: nobody is told of them, and each replica makes its own. */
export class ChoiceNotLogged extends Unit {
  protected override decide(execution: Execution, choice: Choice): Json | undefined {
    const first = memberId(defined(this.config.replicas[0], 'a first replica'), 0);
    if (execution.record.origin === first) return super.decide(execution, choice);
    return choice.make(this.config.chance, this.port.now());
  }
}
