/** The engine as a page runs it with the rules; built only to be measured. */
export { resume } from '../packages/sdk/src/core/memory.ts'
export { rules } from '../packages/sdk/src/core/rules/rules.ts'
export { extend } from '../packages/sdk/src/core/rules/engine.ts'
export { initialState, step } from '../packages/sdk/src/core/step.ts'
