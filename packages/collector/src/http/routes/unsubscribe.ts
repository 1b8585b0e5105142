/** `/u/{token}`: the way out of mail. To look changes nothing: programs look at every link. */
import { hexOf } from '../../core/linkToken.ts'
import { spokenIn } from '../../core/mailLanguage.ts'
import { unsubscribePage } from '../../core/mailPage.ts'
import { readForm } from '../body.ts'
import { createDoor, html } from '../hostedPage.ts'
import type { Call, Deps, Route } from '../route.ts'

/** The routes of this file. */
export function unsubscribeRoutes(deps: Deps): Route[] {
  const { store, clock, mail } = deps
  const { closed, limited } = createDoor(deps)

  const leave = async (call: Call, isPost: boolean): Promise<Response> => {
    const refused = limited(call)
    if (refused) return refused
    const link = await mail.read(call.params.token ?? '')
    if (link?.kind !== 'unsubscribe') return closed(call, null, 'broken')
    const { site } = link
    const spoken = spokenIn([link.language])
    const page = async (state: 'ask' | 'left' | 'back'): Promise<Response> =>
      html(unsubscribePage(spoken, await mail.nameOf(site), state))
    const who = hexOf(link.who)
    if (!isPost) return page((await store.isUnsubscribed(site, who, null)) ? 'left' : 'ask')
    // A program of mail sends another form, or none, and means that somebody wants no more (RFC 8058).
    const form = await readForm(call.request, call.memory)
    if (form.ok && form.value.get('act') === 'again') {
      await store.resubscribe(site, who)
      return page('back')
    }
    const person = await store.personNamed(site, who)
    const reason = form.ok && form.value.get('act') === 'leave' ? 'page' : 'one-click'
    const mailed = hexOf(link.mail)
    await store.unsubscribe(site, { who, mail: mailed, person, by: 'link', reason, at: clock.now() })
    return page('left')
  }

  const path = '/u/{token}'
  return [
    { method: 'GET', path, access: 'open', handle: (call) => leave(call, false) },
    { method: 'POST', path, access: 'open', handle: (call) => leave(call, true) },
  ]
}
