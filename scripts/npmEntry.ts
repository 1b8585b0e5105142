/** What an app ships that imports `createEarshot`; built only to be measured. */
export { createEarshot } from '../packages/sdk/src/index.ts'
