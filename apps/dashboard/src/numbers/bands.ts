/** Which side a group of scores is on, for colours that always come with a name. */

const good: readonly string[] = ['promoter', 'satisfied', 'easy', 'high']
const bad: readonly string[] = ['detractor', 'dissatisfied', 'hard', 'low']

/** The side of a band. */
export const sideOf = (band: string): 'good' | 'bad' | 'middle' =>
  good.includes(band) ? 'good' : bad.includes(band) ? 'bad' : 'middle'
