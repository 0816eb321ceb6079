import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import type { Plan } from '../../core/plan.ts';
import { runFiles } from '../../results/run-directory.ts';
import { readPlan, refuseUnplayable } from '../plan-file.ts';
import type { Registry } from '../registry.ts';

/** A plan that was stored, by a name that says where it came from. */
export interface StoredPlan {
  readonly name: string;
  readonly plan: Plan;
}

/** Where plans are looked for, and how they are named to the user. */
export interface PlanPlaces {
  /** Paths in the suite are relative to it. */
  readonly folder: string;
  readonly cwd: string;
}

/** The plan at a path; those of a folder: each `.json` in it, and the plan.json of each run directory in it. */
export function storedPlans(path: string, places: PlanPlaces, registry: Registry): readonly StoredPlan[] {
  const absolute = resolve(places.folder, path);
  if (!existsSync(absolute)) throw new UsageError(`there is no file or folder ${path} in ${places.folder}`);
  const files = statSync(absolute).isDirectory() ? plansIn(absolute) : [absolute];
  if (files.length === 0)
    throw new UsageError(`no plan in ${path}: neither a .json file nor a run directory`);
  return files.map((file) => {
    const shown = relative(places.cwd, file) || file;
    const plan = readPlan(shown, places.cwd);
    refuseUnplayable(plan, registry, shown);
    return { name: nameOf(file), plan };
  });
}

function plansIn(folder: string): readonly string[] {
  const own = join(folder, runFiles.plan);
  if (existsSync(own)) return [own]; // a run directory, whose verdict.json is no plan
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isFile()) return entry.name.endsWith('.json') ? [path] : [];
      const inner = join(path, runFiles.plan);
      return entry.isDirectory() && existsSync(inner) ? [inner] : [];
    })
    .sort();
}

const nameOf = (file: string): string =>
  basename(file) === runFiles.plan ? basename(dirname(file)) : basename(file, '.json');
