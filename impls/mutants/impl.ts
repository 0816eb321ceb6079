/** Seeded bugs: the classic mistakes, each a small override of a layer, each with the command under which it must be caught. */
import type { Impl } from '../../core/impl.ts';
import { active } from '../active/impl.ts';
import { passive } from '../passive/impl.ts';

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
];
