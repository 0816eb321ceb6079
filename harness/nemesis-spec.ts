import { UsageError } from '../core/errors.ts';
import type { Nemesis } from '../core/nemesis.ts';

/** One part of a spec such as `partition:isolate-primary,one-way+kill`: a nemesis and what stands after its colon. */
export interface NemesisChoice {
  readonly nemesis: Nemesis;
  readonly variants: readonly string[];
}

/** The names that may stand after the colon, given the roles of the impl. */
export function variantsOf(nemesis: Nemesis, roles: readonly string[]): readonly string[] {
  const own = nemesis.variants.flatMap(({ name }) =>
    name.includes('<role>') ? roles.map((role) => name.replace('<role>', role)) : [name],
  );
  return nemesis.takesRole ? [...own, ...roles, 'any'] : own;
}

/** Reads `--nemesis`: parts joined by `+`, each a name with variants after a colon. Throws UsageError, which names the part and the valid choices. */
export function parseNemesisSpec(
  spec: string,
  nemeses: Readonly<Record<string, Nemesis>>,
  roles: readonly string[],
): readonly NemesisChoice[] {
  const choices = spec.split('+').map((part) => parsePart(part.trim(), spec, nemeses, roles));
  const loner = choices.find(
    ({ nemesis, variants }) => nemesis.class === 'none' || nemesis.standsAlone?.(variants) === true,
  );
  if (choices.length > 1 && loner !== undefined) {
    const { nemesis, variants } = loner;
    const part = variants.length === 0 ? nemesis.name : `${nemesis.name}:${variants.join(',')}`;
    throw new UsageError(`--nemesis ${spec}: ${part} stands alone, it goes with no other nemesis`);
  }
  return choices;
}

function parsePart(
  part: string,
  spec: string,
  nemeses: Readonly<Record<string, Nemesis>>,
  roles: readonly string[],
): NemesisChoice {
  const colon = part.indexOf(':');
  const name = colon === -1 ? part : part.slice(0, colon);
  const nemesis = Object.hasOwn(nemeses, name) ? nemeses[name] : undefined;
  if (nemesis === undefined) {
    const known = Object.keys(nemeses).join(', ');
    throw new UsageError(`--nemesis ${spec}: there is no nemesis "${name}"; there are ${known}`);
  }
  const variants =
    colon === -1
      ? []
      : part
          .slice(colon + 1)
          .split(',')
          .map((variant) => variant.trim());
  const valid = variantsOf(nemesis, roles);
  for (const variant of variants) {
    if (valid.includes(variant)) continue;
    const choices = valid.length === 0 ? 'nothing' : valid.join(', ');
    throw new UsageError(
      `--nemesis ${spec}: "${part}" does not know "${variant}"; after "${name}:" may stand ${choices}`,
    );
  }
  return { nemesis, variants };
}
