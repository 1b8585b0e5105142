/** Finds what is wrong with one question by itself: a scale that does not fit its metric, bounds that nobody can keep. */
import { patternFlaw } from '../pattern.ts'
import type { ChoiceQuestion, Metric, Question, ScaleQuestion, TextQuestion } from '../question.ts'
import { checkUnique, describeFound, type Loose, type Path, type Report } from './report.ts'

/** The only scale of a metric that has one. */
const scales: Readonly<Partial<Record<Metric, readonly [number, number]>>> = {
  nps: [0, 10],
  enps: [0, 10],
  ces1: [1, 5],
  ces2: [1, 7],
}
const csatPoints = [2, 3, 5, 7, 10]
/** How many answers a look can draw. */
const lookPoints: Readonly<Record<string, readonly number[]>> = { thumbs: [2], faces: [2, 3, 5] }

/** Reports what is wrong with a question, whatever stands before and after it. */
export function checkQuestion(report: Report, at: Path, question: Loose<Question>): void {
  const { id, kind, required, known } = question
  if (id === 'end' || id === '__proto__')
    report.error({
      at: [...at, 'id'],
      found: id,
      allowed: 'any other id',
      problem: `is "${id}", which is taken`,
    })
  if (known?.startsWith('trait.'))
    report.warning({
      at: [...at, 'known'],
      found: known,
      allowed: 'the name of a trait by itself',
      problem: `is "${known}", but names a trait without "trait."`,
      nearest: known.slice('trait.'.length),
    })
  if (kind === 'statement') {
    for (const key of ['required', 'known'] as const)
      if (question[key])
        report.warning({
          at: [...at, key],
          found: question[key],
          allowed: 'nothing on a statement',
          problem: 'changes nothing, since a statement has no answer',
        })
  } else if (kind === 'link' && required)
    report.warning({
      at: [...at, 'required'],
      found: required,
      allowed: 'false',
      problem: 'is true, so nobody gets on without following the link',
    })
  if (kind === 'scale') checkScale(report, at, question)
  if (kind === 'text') checkText(report, at, question)
  if (kind === 'choice') checkChoice(report, at, question)
}

function checkScale(report: Report, at: Path, question: Loose<ScaleQuestion>): void {
  const { metric, min, max, look } = question
  const standard = metric && scales[metric]
  if (standard)
    for (const [index, key] of (['min', 'max'] as const).entries())
      if (question[key] !== undefined && question[key] !== standard[index])
        report.error({
          at: [...at, key],
          found: question[key],
          allowed: `${standard[index]}: ${metric} is ${standard[0]} to ${standard[1]}`,
        })
  if (min === undefined || max === undefined) return
  if (max <= min) {
    if (!report.hasErrorIn([...at, 'max']))
      report.error({ at: [...at, 'max'], found: max, allowed: `a whole number above "min", ${min}` })
    return
  }
  const points = max - min + 1
  if (metric === 'csat' && !csatPoints.includes(points))
    report.error({
      at: [...at, 'max'],
      found: max,
      allowed: 'a scale of 2, 3, 5, 7 or 10 points',
      problem: `makes a scale of ${points} points`,
    })
  const drawn = look && lookPoints[look]
  if (drawn && !drawn.includes(points))
    report.error({
      at: [...at, 'look'],
      found: look,
      allowed: `"${look}" on a scale of ${drawn.join(', ')} points, otherwise "numbers" or "stars"`,
      problem: `is "${look}" on a scale of ${points} points`,
    })
  checkSets(report, at, question, { min, max })
}

function checkSets(
  report: Report,
  at: Path,
  { metric, positive = [], negative = [] }: Loose<ScaleQuestion>,
  { min, max }: { min: number; max: number },
): void {
  for (const [key, set] of [
    ['positive', positive],
    ['negative', negative],
  ] as const)
    for (const [index, score] of set.entries()) {
      if (score === undefined) continue
      const place = [...at, key, index]
      if (score < min || score > max)
        report.error({ at: place, found: score, allowed: `a whole number on the scale ${min}–${max}` })
      else if (key === 'negative' && positive.includes(score))
        report.error({
          at: place,
          found: score,
          allowed: 'each score in one of the sets only',
          problem: `is ${score}, which is positive as well`,
        })
    }
  if (report.hasErrorIn([...at, 'positive']) || report.hasErrorIn([...at, 'negative'])) return
  const good = positive.filter((each) => each !== undefined)
  const bad = negative.filter((each) => each !== undefined)
  if (good.length === 0) return
  const isLowGood = metric === 'ces1'
  const isTurned = isLowGood ? Math.max(...good) > Math.min(...bad) : Math.min(...good) < Math.max(...bad)
  if (isTurned)
    report.warning({
      at: [...at, 'positive'],
      found: positive,
      allowed: `the ${isLowGood ? 'low' : 'high'} end of the scale`,
      problem: `is not the ${isLowGood ? 'low' : 'high'} end, which is the good one`,
    })
  const isNps = metric === 'nps' || metric === 'enps'
  const isStandard =
    new Set(bad).size === 7 && Math.max(...bad) === 6 && new Set(good).size === 2 && Math.min(...good) === 9
  if (isNps && !isStandard)
    report.warning({
      at: [...at, 'positive'],
      found: positive,
      allowed: '9 and 10 positive, 0 to 6 negative',
      problem: `makes no Net Promoter Score that compares with others`,
    })
}

function checkText(report: Report, at: Path, question: Loose<TextQuestion>): void {
  const { minLength, maxLength, input, least, most, pattern, hint } = question
  const isNumber = input === 'number'
  checkBounds(report, [...at, 'minLength'], minLength, maxLength, 'maxLength')
  checkBounds(report, [...at, 'least'], least, most, 'most')
  for (const key of isNumber ? (['minLength', 'pattern'] as const) : (['least', 'most'] as const))
    if (question[key] !== undefined)
      report.warning({
        at: [...at, key],
        found: question[key],
        allowed: isNumber
          ? '"least" and "most" where the input is a number'
          : 'this only with input "number"',
        problem: `is ${describeFound(question[key])}, but changes nothing`,
      })
  if (pattern === undefined) return
  const flaw = patternFlaw(pattern)
  if (flaw)
    report.error({
      at: [...at, 'pattern'],
      found: pattern,
      allowed: 'a pattern in the syntax of compilePattern',
      problem: `is no pattern, ${flaw}`,
    })
  else if (hint === undefined && !isNumber)
    report.warning({
      at: [...at, 'hint'],
      found: hint,
      allowed: 'what to tell who wrote something else',
      problem: 'is missing, so nobody is told what the pattern wants',
    })
}

function checkChoice(report: Report, at: Path, question: Loose<ChoiceQuestion>): void {
  const { options, multiple, least, most, other, positive } = question
  checkUnique(report, [...at, 'options'], options ?? [], 'option')
  for (const [index, each] of (options ?? []).entries())
    if (other !== undefined && each?.id === 'other')
      report.error({
        at: [...at, 'options', index, 'id'],
        found: 'other',
        allowed: 'any other id, since "other" has it',
        problem: 'is "other", which is the id of the choice with a text field',
      })
  const ids = [...(options ?? []).map((each) => each?.id), ...(other === undefined ? [] : ['other'])]
  for (const [index, id] of (positive ?? []).entries())
    if (id !== undefined && !ids.includes(id))
      report.error({
        at: [...at, 'positive', index],
        found: id,
        allowed: `the id of one of its choices: ${ids.join(', ')}`,
        problem: `is "${id}", which is none of its choices`,
      })
  checkBounds(report, [...at, 'least'], least, most, 'most')
  const count = (options?.length ?? 0) + (other === undefined ? 0 : 1)
  if (options && least !== undefined && least > count)
    report.error({ at: [...at, 'least'], found: least, allowed: `at most ${count}, the number of choices` })
  for (const key of ['least', 'most'] as const)
    if (question[key] !== undefined && !multiple)
      report.warning({
        at: [...at, key],
        found: question[key],
        allowed: 'this only with "multiple"',
        problem: `is ${question[key]}, but only one can be chosen`,
      })
  if (multiple && most === 0)
    report.error({
      at: [...at, 'most'],
      found: most,
      allowed: 'at least 1',
      problem: 'is 0, so nothing can be chosen',
    })
}

/** Reports a lower bound that is above the upper one. */
function checkBounds(
  report: Report,
  at: Path,
  low: number | undefined,
  high: number | undefined,
  key: string,
): void {
  if (low !== undefined && high !== undefined && low > high)
    report.error({ at, found: low, allowed: `at most "${key}", ${high}` })
}
