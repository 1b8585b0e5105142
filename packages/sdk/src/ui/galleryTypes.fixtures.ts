/** One survey for every type of question that a card can ask, in words that a site would use. */
import type { Question, Survey, SurveyWords } from '@earshot/contract'
import { ces, ces1, csat, enps, nps } from '../core/builders.ts'

export interface GalleryType {
  /** Short, for addresses and names of tests. */
  id: string
  title: string
  survey: Survey
  /** Whether every text is a standard one, so that the card comes in all languages that are built in. */
  standard: boolean
}

const id = 'gallery'
const name = 'Fernwood'
const options = { id, name }

/** A survey of its own questions, and a standard text at the end of all but the last kind of page. */
const asking = (...questions: Question[]): Survey => ({
  id,
  version: 1,
  locale: 'en',
  questions,
  thanks: { title: 'Thank you', text: 'Your feedback helps us get better.' },
  triggers: [],
  recontact: { answered: 0, dismissed: 0, shown: 0 },
})

const better: Question = { kind: 'text', id: 'better', title: 'What could we do better?', maxLength: 2000 }

const reasons = {
  kind: 'choice',
  id: 'reason',
  title: 'What brought you here today?',
  options: [
    { id: 'look', label: 'To look around' },
    { id: 'buy', label: 'To buy a tool' },
    { id: 'mend', label: 'To have a tool mended' },
    { id: 'ask', label: 'To ask something' },
  ],
  other: 'Something else',
  required: true,
} as const satisfies Partial<Question>

/** The words of the questions that are not standard, in one language to each direction. */
const translations = {
  de: {
    questions: {
      reason: {
        title: 'Was führt Sie heute zu uns?',
        options: {
          look: 'Ich möchte mich umsehen',
          buy: 'Ich möchte ein Werkzeug kaufen',
          mend: 'Ich möchte ein Werkzeug reparieren lassen',
          ask: 'Ich habe eine Frage',
        },
        other: 'Etwas anderes',
      },
      garden: { title: 'Wie viele Quadratmeter hat Ihr Garten?' },
      name: { title: 'Wie dürfen wir Sie ansprechen?' },
      hello: {
        title: 'Zwei kurze Fragen zu Ihrem Besuch',
        text: 'Es dauert keine Minute. Ihre Antworten lesen nur die Menschen, die diesen Laden führen.',
      },
      review: {
        title: 'Erzählen Sie anderen davon?',
        text: 'Eine öffentliche Bewertung hilft kleinen Läden.',
        label: 'Bewertung schreiben',
      },
    },
  },
  ar: {
    questions: {
      reason: {
        title: 'ما سبب زيارتك اليوم؟',
        options: {
          look: 'للتصفح',
          buy: 'لشراء أداة',
          mend: 'لإصلاح أداة',
          ask: 'لطرح سؤال',
        },
        other: 'سبب آخر',
      },
      garden: { title: 'كم مترًا مربعًا مساحة حديقتك؟' },
      name: { title: 'بأي اسم نخاطبك؟' },
      hello: {
        title: 'سؤالان قصيران عن زيارتك',
        text: 'لن يستغرق ذلك دقيقة. لا يقرأ إجاباتك إلا من يديرون هذا المتجر.',
      },
      review: {
        title: 'هل تخبر الآخرين؟',
        text: 'التقييم العلني يساعد المتاجر الصغيرة.',
        label: 'كتابة تقييم',
      },
    },
  },
} satisfies Record<string, SurveyWords>

const type = (typeId: string, title: string, survey: Survey, standard = true): GalleryType => ({
  id: typeId,
  title,
  survey: standard ? survey : { ...survey, translations },
  standard,
})

export const galleryTypes: readonly GalleryType[] = [
  type('nps', 'NPS, 0–10', nps(options)),
  type('enps', 'eNPS, 0–10', enps(options)),
  type('ces2', 'CES 2.0, 1–7', ces(options)),
  type('ces1', 'CES 1.0, 1–5', ces1(options)),
  type('csat-thumbs', 'CSAT, two thumbs', csat({ ...options, points: 2 })),
  type('csat-faces-3', 'CSAT, three faces', csat({ ...options, points: 3 })),
  type('csat-5', 'CSAT, five numbers', csat(options)),
  type('csat-stars', 'CSAT, five stars', csat({ ...options, look: 'stars' })),
  type('csat-faces-5', 'CSAT, five faces', csat({ ...options, look: 'faces' })),
  type('csat-7', 'CSAT, seven numbers', csat({ ...options, points: 7 })),
  type('csat-10', 'CSAT, ten numbers', csat({ ...options, points: 10 })),
  type('csat-stars-10', 'CSAT, ten stars', csat({ ...options, points: 10, look: 'stars' })),
  type(
    'short',
    'Short text',
    asking(
      {
        kind: 'text',
        id: 'name',
        title: 'What may we call you?',
        input: 'short',
        maxLength: 60,
        minLength: 2,
        required: true,
      },
      better,
    ),
    false,
  ),
  type(
    'long',
    'Long text with a counter',
    asking(
      { ...better, id: 'most', maxLength: 200, minLength: 5, required: true },
      { ...better, title: 'What did you like?' },
    ),
  ),
  type(
    'email',
    'Email address',
    asking(
      {
        kind: 'text',
        id: 'email',
        title: 'Which email address should we use?',
        hint: 'An address such as ada@example.com',
        input: 'email',
        maxLength: 254,
        required: true,
      },
      better,
    ),
  ),
  type(
    'number',
    'Number',
    asking(
      {
        kind: 'text',
        id: 'garden',
        title: 'How many square metres is your garden?',
        input: 'number',
        maxLength: 6,
        least: 1,
        most: 9000,
        required: true,
      },
      better,
    ),
    false,
  ),
  type('choice', 'One of several, with other', asking(reasons, better), false),
  type(
    'choices',
    'Several of several',
    asking({ ...reasons, multiple: true, least: 2, most: 3 }, better),
    false,
  ),
  type(
    'yesno',
    'Yes or no',
    asking(
      { kind: 'yesno', id: 'helpful', title: 'Was this page helpful?', yes: 'Yes', no: 'No', required: true },
      better,
    ),
  ),
  type(
    'contact',
    'Permission to get in touch',
    asking(
      {
        kind: 'yesno',
        id: 'contact',
        title: 'May we contact you about your answer?',
        yes: 'Yes',
        no: 'No',
        purpose: 'contact',
      },
      better,
    ),
  ),
  type(
    'statement',
    'Statement',
    asking(
      {
        kind: 'statement',
        id: 'hello',
        title: 'Two short questions about your visit',
        text: 'It takes less than a minute. Only the people who run this shop read your answers.',
      },
      better,
    ),
    false,
  ),
  type(
    'link',
    'Link',
    asking(
      {
        kind: 'link',
        id: 'review',
        title: 'Would you tell others?',
        text: 'A public review helps a small shop.',
        href: 'https://example.com/review',
        label: 'Write a review',
      },
      better,
    ),
    false,
  ),
]
