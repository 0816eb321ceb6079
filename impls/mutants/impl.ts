/** Seeded bugs: the classic mistakes, each a small override of a layer, each with the command under which it must be caught. */
import type { Impl } from '../../core/impl.ts';
import { active } from '../active/impl.ts';
import { passive } from '../passive/impl.ts';
import { somersault } from '../somersault/impl.ts';

export interface MutantImpl extends Impl {
  readonly parent: string;
  /** The property that a run with `flags` breaks within five seeds; under `--nemesis none`, and with its parent, the run is valid. */
  readonly property: string;
  readonly flags: readonly string[];
}

const mutant = (
  parent: Impl,
  name: string,
  description: string,
  property: string,
  flags: readonly string[],
): MutantImpl => ({
  ...parent,
  name: `mutants/${name}`,
  layer: `mutants/${name}`,
  parent: parent.name,
  description,
  property,
  flags,
});

export const mutants: readonly MutantImpl[] = [
  mutant(
    passive,
    'passive/reply-before-backups',
    'the primary answers before its backups have the change of state',
    'linearizable',
    ['--requests=primary', '--nemesis=partition:isolate-primary,hold'],
  ),
  mutant(
    passive,
    'passive/no-reply-cache',
    'nobody remembers an answer: a repeated request is executed again',
    'at-most-once',
    ['--workload=rpc', '--requests=primary', '--nemesis=pause:primary'],
  ),
  mutant(
    passive,
    'passive/no-fencing',
    'a primary that was replaced without noticing goes on answering reads',
    'linearizable',
    ['--nemesis=partition:isolate-primary,hold'],
  ),
  mutant(active, 'active/local-reads', 'the coordinator answers reads from its own state', 'linearizable', [
    '--workload=register',
    '--read=20',
    '--write=1',
    '--cas=0',
    '--nemesis=partition:isolate-coordinator,hold',
  ]),
  mutant(
    active,
    'active/delivers-before-stable',
    'a proposal is acted on before a majority has accepted it',
    'linearizable',
    ['--nemesis=partition:isolate-coordinator,hold'],
  ),
  mutant(
    passive,
    'group/amnesiac-vote',
    'a restarted process votes with the voice of the one that died',
    'group',
    ['--nemesis=kill'],
  ),
  mutant(
    somersault,
    'somersault/replies-before-logged',
    'the primary answers before its record is with the secondary',
    'linearizable',
    ['--nemesis=partition:isolate-primary,hold'],
  ),
  mutant(
    somersault,
    'somersault/primary-acks',
    'the primary acknowledges what it alone may have',
    'mirroring',
    ['--nemesis=partition:isolate-primary,hold'],
  ),
  mutant(
    somersault,
    'somersault/idle-ack-from-non-sender',
    'idle acknowledgements come from the receiver, which may be the only one to have the input',
    'mirroring',
    ['--nemesis=partition:isolate-primary,hold'],
  ),
  mutant(
    somersault,
    'somersault/collects-too-early',
    'a lone replica drops what it has sent from its re-send queue before it is acknowledged',
    'mirroring',
    ['--nemesis=kill:secondary'],
  ),
  mutant(
    somersault,
    'somersault/choice-not-logged',
    'a promoted primary does not log its choices: each replica makes its own',
    'mirroring',
    ['--workload=lock', '--nemesis=kill:primary'],
  ),
  mutant(
    somersault,
    'somersault/transfer-misses-updates',
    'what changes during a state transfer does not reach the new replica',
    'mirroring',
    ['--transfer=fuzzy', '--chunk=1', '--nemesis=kill:secondary'],
  ),
  mutant(
    somersault,
    'somersault/hand-over-renumbers',
    'a new sender sends again under new numbers',
    'mirroring',
    ['--nemesis=kill:secondary'],
  ),
  mutant(
    somersault,
    'somersault/hand-over-loses-in-flight',
    'a new sender believes that all was delivered which the old one had sent',
    'mirroring',
    ['--resend=off', '--nemesis=kill:secondary'],
  ),
  mutant(
    somersault,
    'somersault/witness-votes-twice',
    'a witness votes for two successors of one view',
    'group',
    ['--nemesis=partition:bridge-witness,hold'],
  ),
  mutant(
    somersault,
    'somersault/forgets-counters',
    'a promoted secondary begins all connections anew',
    'mirroring',
    ['--nemesis=kill:primary'],
  ),
  mutant(
    somersault,
    'somersault/view-without-state',
    'a majority without state forms a view, and its first replica begins empty',
    'linearizable',
    ['--transfer=fuzzy', '--chunk=1', '--keys=3000', '--nemesis=kill:secondary+pause:primary'],
  ),
  mutant(
    somersault,
    'somersault/readmits-excluded',
    'an excluded replica is let in again, with a gap in its log',
    'group',
    ['--nemesis=partition:isolate-secondary,hold'],
  ),
];
