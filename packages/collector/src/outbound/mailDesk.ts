/** What is behind the links of messages: reads them, finds what they open, and shows what a message would look like. */
import { stopReason } from '../core/followUps.ts'
import { fill, openQuestion } from '../core/hostedCourse.ts'
import { bindingOf, type LinkBody, readLink, siteIn } from '../core/linkToken.ts'
import { spokenIn, spokenSurvey, textIn } from '../core/mailLanguage.ts'
import { composeMail } from '../core/mailMessage.ts'
import type { Millis } from '../core/time.ts'
import type { MailDesk } from '../ports/mailDesk.ts'
import {
  askedSurvey,
  hiddenNames,
  keyOf,
  linkTools,
  responseOf,
  secretsOf,
  type MailDeps,
} from './mailWork.ts'
import { subjectOf, type FollowUpBody } from './lookAgain.ts'
import { surveyOf } from './work.ts'

/** Makes it. */
export function createMailDesk(deps: MailDeps): MailDesk {
  const { store, clock, random, hash, mail } = deps
  const tools = linkTools(hash)
  const nameOf = async (site: number): Promise<string> => {
    if (mail && mail.from.name !== '') return mail.from.name
    const { sites } = await store.keyring()
    return sites.find((each) => each.id === site)?.name ?? mail?.from.address ?? ''
  }
  const desk: MailDesk = {
    sender: mail && { ...mail.from, publicUrl: mail.publicUrl },
    nameOf,
    async read(token) {
      const site = siteIn(token)
      if (site === null) return null
      const { sites } = await store.keyring()
      // Whoever makes up the number of a site shall not have secrets made for it.
      if (!sites.some((each) => each.id === site)) return null
      const now = clock.now()
      const { links } = await secretsOf(deps, site)
      const signed = (all: typeof links): LinkBody | null => {
        const keys = all.map((each) => keyOf(each.secret))
        return readLink(token, () => keys, tools)
      }
      const live = links.filter(({ until }) => until === null || until > now)
      // A secret that has ended opens no survey any more; but who has an old message must get out of the mail, too.
      const old = signed(links)
      return old?.kind === 'unsubscribe' ? old : signed(live)
    },
    async standing({ site, row, binding }) {
      const job = await store.job(site, row)
      const followUp = job?.kind === 'followup' ? (job.body as FollowUpBody) : null
      const { mailed } = followUp ?? {}
      if (!followUp || !mailed || followUp.visitor === null) return 'gone'
      const secrets = await secretsOf(deps, site)
      const about = { id: followUp.id, person: mailed.person, survey: mailed.survey }
      if (!hash.equal(bindingOf(about, keyOf(secrets.names), tools.mac), binding)) return 'gone'
      const { visitor } = followUp
      const cause = followUp.response === null ? null : await store.response(site, followUp.response)
      const responseId = responseOf(site, followUp, mailed.survey, cause, hash.sha256)
      const response = await store.response(site, responseId)
      // Of somebody else under that id: it is not this person's to go on with.
      if (response && response.visitor !== visitor) return 'gone'
      const survey = await askedSurvey(store, site, mailed.survey, response)
      if (!survey) return 'gone'
      const plan = await store.plan(site)
      const rule = plan?.rules.find((each) => each.id === followUp.rule)
      if (rule && !response?.completedAt) {
        const { history } = await subjectOf(store, site, followUp, cause, {}, rule, clock.now())
        const others = history.filter(
          ({ event }) => !('response' in event && event.response === responseId) && event.type !== 'optout',
        )
        const now = {
          history: others,
          response: cause,
          survey: await surveyOf(store, site, cause),
          contacts: [],
        }
        // What was answered in this very response is not said to be answered elsewhere.
        if (cause?.id !== responseId && stopReason(rule, followUp, now) === 'answered') return 'answered'
      }
      const address = await store.mailAddress(site, mailed.person)
      const events = response ? await store.events(site, responseId) : []
      const seq = events.reduce((most, { event }) => Math.max(most, event.seq), 0)
      const wanted = [address?.locale, response?.locale, cause?.locale].filter(
        (each) => typeof each === 'string',
      )
      return {
        site,
        person: mailed.person,
        visitor,
        followUp: followUp.id,
        survey,
        responseId,
        response,
        seq,
        wanted,
      }
    },
    hidden: async (site, person, email) => hiddenNames(await secretsOf(deps, site), person, email, tools),
    async rotate(site, until: Millis) {
      await secretsOf(deps, site)
      const secret = Buffer.from(random.bytes(32)).toString('base64url')
      await store.rotateLinkSecret(site, secret, { at: clock.now(), until })
    },
    async preview(site, { survey, subject, text, locale: wanted }) {
      const texts = [subject, text].filter((each) => each !== null)
      const asking = survey && spokenSurvey(survey, [wanted], texts)
      const spoken = asking ?? spokenIn([wanted])
      const locale = asking?.survey.locale ?? spoken.language
      const question = asking && openQuestion(asking.survey, {}, [])
      const base = mail?.publicUrl ?? 'https://feedback.example.com'
      const message = composeMail({
        spoken,
        locale,
        from: await nameOf(site),
        subject: subject ? textIn(subject, locale) : undefined,
        text: text ? textIn(text, locale) : undefined,
        unsubscribe: `${base}/u/preview`,
        ...(asking &&
          question && {
            ask: {
              question,
              title: fill(asking.survey, {}, question.title),
              link: (answer?: string) =>
                `${base}/s/preview${answer === undefined ? '' : `?a=${encodeURIComponent(answer)}`}`,
            },
          }),
      })
      return { ...message, locale, language: spoken.language, reviewed: spoken.mail.reviewed }
    },
    async test(site, wanted, to) {
      if (!mail) return null
      const { subject, text, html } = await desk.preview(site, wanted)
      const name = Buffer.from(random.bytes(18)).toString('base64url')
      const messageId = `${name}@${mail.from.address.slice(mail.from.address.lastIndexOf('@') + 1)}`
      const headers = { 'Auto-Submitted': 'auto-generated' }
      const message = { from: mail.from, to, messageId, headers, subject, text, html }
      return mail.smtp.send(message, new AbortController().signal)
    },
  }
  return desk
}
