import TestRunner from 'jest-runner';

/** Runs its test files one after another: each of them starts clusters of real processes. */
export default class SerialRunner extends TestRunner {
  isSerial = true;
}
