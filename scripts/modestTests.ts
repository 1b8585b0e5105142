/** Has a process of tests, and whatever it starts, step back for what has the usual priority: the pages of a browser beside it, which owe a frame every 16 ms. */
import { constants, setPriority } from 'node:os'

setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
