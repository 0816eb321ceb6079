// Property tests are seeded, so that `npm test` judges the same cases every time; FTCHECK_SEED asks for others, and so does FTCHECK_FUZZ_RUNS.
import fc from 'fast-check';

const { FTCHECK_FUZZ_RUNS, FTCHECK_SEED } = process.env;
if (FTCHECK_SEED !== undefined) fc.configureGlobal({ seed: Number(FTCHECK_SEED) });
else if (FTCHECK_FUZZ_RUNS === undefined) fc.configureGlobal({ seed: 1 });
