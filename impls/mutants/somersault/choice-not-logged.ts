import type { Json } from '../../../core/json.ts';
import type { Choice } from '../../apps/app.ts';
import type { Execution } from '../../somersault/execution.ts';
import { Unit } from '../../somersault/unit.ts';

/** Every replica makes its own choices. */
export class ChoiceNotLogged extends Unit {
  protected override decide(_: Execution, choice: Choice): Json {
    return choice.make(this.config.chance, this.port.now());
  }
}
