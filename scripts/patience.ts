/** How long a test waits for something to come, in milliseconds: well below what it may take as a whole, so that it says what did not come. */
export const patience = 20_000
