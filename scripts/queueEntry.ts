/** The part of the queue that every page loads: what makes a row of an event, and stores it. Built only to be measured. */
export { rowOf } from '../packages/sdk/src/core/queueRow.ts'
export { createIdbDatabase } from '../packages/sdk/src/shell/idbDatabase.ts'
export { createMemoryDatabase } from '../packages/sdk/src/shell/memoryDatabase.ts'
export { createStore } from '../packages/sdk/src/shell/store.ts'
