import type { Model } from '../../core/model.ts';
import type { Monitor } from './monitor.ts';

/** Which monitor stands for which model. */
const monitors = new Map<Model<unknown>, Monitor>([]);

export const monitorOf = (model: Model<unknown>): Monitor | undefined => monitors.get(model);
