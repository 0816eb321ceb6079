import { z } from 'zod';

/** The format of verdict.json; `docs/schema/verdict.schema.json` is made from it. Additions keep the format's name, changes do not. */
const verdict = z.enum(['valid', 'invalid', 'unknown']);
const propertyVerdict = z.enum(['valid', 'invalid', 'unknown', 'not-owed', 'not-applicable']);
const count = z.int().min(0);
const msOrNull = z.number().min(0).nullable();
const nanoseconds = z.int().describe('nanoseconds since the start of the run');
const options = z.record(z.string(), z.unknown());

const counts = z.strictObject({ invoked: count, ok: count, fail: count, info: count });
const distribution = z.strictObject({
  count,
  p50Ms: msOrNull,
  p90Ms: msOrNull,
  p99Ms: msOrNull,
  maxMs: msOrNull,
});

const property = z
  .looseObject({ verdict: propertyVerdict, reason: z.string() })
  .describe('one property of the run; a checker may add details by name');

const sinceEffect = msOrNull.describe("since the fault's effect; null: not seen");
const outage = z
  .looseObject({
    id: z.string().describe('of the fault in `faults`'),
    fault: z.string(),
    target: z.string(),
    outageMs: sinceEffect.describe('to the first ok of an operation invoked after the effect; null: none'),
    phases: z.looseObject({
      detectMs: sinceEffect.describe('somebody suspected, or began to change the view'),
      agreeMs: sinceEffect.describe('the next view was installed'),
      recoverMs: sinceEffect.describe('an operation succeeded in it'),
      fullStrengthMs: sinceEffect.describe('every slot was in the view again, with the whole state'),
    }),
    judged: z.boolean().describe('whether the fault was within the claim, so that the bound holds for it'),
  })
  .describe('how long the service was away after one fault');

const fault = z.strictObject({
  id: z.string(),
  name: z.string(),
  class: z.string().describe('crash, crash-pause, omission, timing, response'),
  target: z.string().describe('the slots that were hit, roles resolved'),
  plannedTarget: z.string().describe('the role that the plan names'),
  impaired: z.array(z.string()).describe('slots down, stopped, slow or out of reach of the largest rest'),
  beginNs: nanoseconds,
  endNs: nanoseconds.nullable(),
  effect: z.boolean().describe('whether the evidence proves that the fault did anything'),
  evidence: z.array(z.strictObject({ counter: z.string(), before: z.number(), after: z.number() })),
});

const traffic = z.strictObject({
  messages: count.describe('frames, acknowledgements and heartbeats among them'),
  bytes: count,
});
const cost = z
  .strictObject({
    operations: count.describe('ok operations under load'),
    betweenNodes: traffic,
    withClients: traffic,
    links: z.record(z.string(), traffic).describe('by direction: n1>n2, clients>n1, client@n1>n1'),
    messagesPerOperation: z.number().nullable().describe('over all links'),
    bytesPerOperation: z.number().nullable().describe('over all links'),
  })
  .describe('what went over the links from the start of warm-up to the end of load');

const nodeResources = z.strictObject({
  cpuMs: z.number().describe('user and system time under load, all incarnations together'),
  rssMeanBytes: z.number().describe('resident memory, mean of the samples under load'),
  rssMaxBytes: z.number().describe('the most that any incarnation ever had'),
  samples: count,
});
const resources = z
  .strictObject({ nodes: z.record(z.string(), nodeResources).describe('by slot') })
  .describe('what the processes of the nodes used');

const goal = z.strictObject({
  name: z.string(),
  required: z.boolean().describe('whether a pass needs it'),
  reached: z.boolean(),
  count,
  minimum: count,
});

const slo = z.strictObject({ slo: z.string(), verdict, reason: z.string(), actual: z.number().nullable() });

export const verdictSchema = z
  .strictObject({
    format: z.literal('ftcheck-verdict-1'),
    verdict: verdict.describe('invalid beats unknown beats valid'),
    reason: z.string().describe('one sentence for a person'),
    seed: z.int(),
    impl: z.string(),
    implOptions: options,
    workload: z.string(),
    workloadOptions: options,
    nemesis: z.string(),
    nodes: count,
    clients: count,
    pinned: z.boolean().describe('one more client for each node, which asks only that node'),
    rate: z.number().nullable().describe('operations a second in open loop; null: closed loop'),
    withinClaim: z
      .boolean()
      .nullable()
      .describe('whether the faults stayed within what the impl claims to tolerate; null: not known'),
    claim: z.strictObject({ tolerates: z.string(), outageMsMax: z.number(), text: z.string() }),
    operations: counts.extend({ byKind: z.record(z.string(), counts) }),
    properties: z
      .object({ failover: property.extend({ outages: z.array(outage) }).optional() })
      .catchall(property),
    latency: distribution.extend({ byKind: z.record(z.string(), distribution) }),
    throughput: z.strictObject({ opsPerSecond: z.number().nullable(), measuredMs: z.number() }),
    cost: cost.nullable().optional().describe('null: not counted to the end of load'),
    resources: resources.nullable().optional().describe('null: not measured, as where there is no /proc'),
    goals: z.array(goal).describe('what the run had to reach for a pass to mean something'),
    faults: z.array(fault),
    slos: z.array(slo),
    harness: z.strictObject({
      interrupted: z.string().nullable().describe('the signal that ended the run early, or --fail-fast'),
      trouble: z.string().nullable().describe('what broke in ftcheck itself or around it'),
      lagMsMax: z.number().nullable().describe("how late ftcheck's own event loop ran at most"),
      checkersMs: z
        .record(z.string(), z.number())
        .nullable()
        .describe('how long each checker took; null: they did not come to their end'),
      damage: z.array(z.string()).describe('what of the record could not be read'),
    }),
    environment: z.strictObject({
      ftcheck: z.string(),
      node: z.string(),
      platform: z.string(),
      cpus: count,
      date: z.string(),
    }),
    durationMs: z.number().describe('warm-up, faults and settling as planned'),
    wallMs: msOrNull.describe('from the start to the end of the run; null when only its record was judged'),
    runDir: z.string(),
    command: z.string().describe('repeats the run'),
  })
  .describe('verdict.json of one ftcheck run');

/** verdict.json as a value. */
export type VerdictFile = z.infer<typeof verdictSchema>;

/** What `docs/schema/verdict.schema.json` holds. */
export const verdictJsonSchema = (): unknown => z.toJSONSchema(verdictSchema, { io: 'output' });
