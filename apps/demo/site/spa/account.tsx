/** Signing in and out; the number alone says who it is, so no address or name leaves the browser. */
import type { JSX } from 'preact'
import { fieldText } from '../shop/fieldText.ts'
import { signIn, signOut, type Member } from './session.ts'

export interface AccountProps {
  member: Member | null
  onChange(member: Member | null): void
}

export function Account({ member, onChange }: AccountProps): JSX.Element {
  const enter = (event: SubmitEvent): void => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const entered = { name: fieldText(form, 'name'), number: fieldText(form, 'number') }
    signIn(entered)
    onChange(entered)
  }
  const leave = (): void => {
    signOut()
    onChange(null)
  }
  if (member)
    return (
      <>
        <h1 tabIndex={-1}>Good to see you, {member.name}</h1>
        <p class="lead">You are signed in as member {member.number}.</p>
        <p class="next">
          <button type="button" onClick={leave}>
            Sign out
          </button>
        </p>
      </>
    )
  return (
    <>
      <h1 tabIndex={-1}>Sign in</h1>
      <form class="form" onSubmit={enter}>
        <label>
          First name
          <input name="name" autocomplete="off" value="Ada" required maxLength={40} />
        </label>
        <label>
          Member number
          <input
            name="number"
            autocomplete="off"
            value="1042"
            required
            pattern="[0-9]{1,8}"
            inputMode="numeric"
          />
        </label>
        <p class="next">
          <button type="submit" class="main">
            Sign in
          </button>
        </p>
      </form>
    </>
  )
}
