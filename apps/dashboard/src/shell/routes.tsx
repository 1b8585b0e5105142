/** All pages: their addresses, their names in the navigation, who may see them, and their files. */
import type { FunctionComponent } from 'preact'
import type { Permission } from './session.ts'
import { Overview } from '../pages/overview.tsx'

/** What a page is given. */
export interface PageProps {
  /** What it is about, where it is about one thing. */
  id: string | null
}

/** One page. */
export interface PageRoute {
  /** First part of its address; empty for the overview. */
  page: string
  /** In the navigation; null: only links lead to it. */
  title: string | null
  group: 'numbers' | 'answers' | 'work'
  need: Permission
  load: () => Promise<FunctionComponent<PageProps>>
}

/** In the order of the navigation. The overview comes with the first file, since most come for it. */
export const routes: readonly PageRoute[] = [
  { page: '', title: 'Overview', group: 'numbers', need: 'numbers', load: async () => Overview },
  {
    page: 'surveys',
    title: 'Surveys',
    group: 'numbers',
    need: 'numbers',
    load: async () => (await import('../pages/surveys.tsx')).Surveys,
  },
  {
    page: 'editor',
    title: null,
    group: 'numbers',
    need: 'define',
    load: async () => (await import('../pages/editor.tsx')).Editor,
  },
  {
    page: 'customers',
    title: 'Customers',
    group: 'numbers',
    need: 'numbers',
    load: async () => (await import('../pages/customers.tsx')).Customers,
  },
  {
    page: 'recommendations',
    title: 'Recommendations',
    group: 'numbers',
    need: 'numbers',
    load: async () => (await import('../pages/recommendations.tsx')).Recommendations,
  },
  {
    page: 'cases',
    title: 'Cases',
    group: 'answers',
    need: 'cases',
    load: async () => (await import('../pages/cases.tsx')).Cases,
  },
  {
    page: 'answers',
    title: 'Answers',
    group: 'answers',
    need: 'responses',
    load: async () => (await import('../pages/answers.tsx')).Answers,
  },
  {
    page: 'people',
    title: 'People',
    group: 'answers',
    need: 'people',
    load: async () => (await import('../pages/people.tsx')).People,
  },
  {
    page: 'follow-ups',
    title: 'Follow-ups',
    group: 'work',
    need: 'define',
    load: async () => (await import('../pages/followUps.tsx')).FollowUps,
  },
  {
    page: 'mail',
    title: 'Mail',
    group: 'work',
    need: 'define',
    load: async () => (await import('../pages/mail.tsx')).Mail,
  },
  {
    page: 'deliveries',
    title: 'Deliveries',
    group: 'work',
    need: 'configure',
    load: async () => (await import('../pages/deliveries.tsx')).Deliveries,
  },
  {
    page: 'unsubscribed',
    title: 'Unsubscribed',
    group: 'work',
    need: 'people',
    load: async () => (await import('../pages/unsubscribed.tsx')).Unsubscribed,
  },
  {
    page: 'exports',
    title: 'Exports',
    group: 'work',
    need: 'export',
    load: async () => (await import('../pages/exports.tsx')).Exports,
  },
  {
    page: 'imports',
    title: 'Imports',
    group: 'work',
    need: 'define',
    load: async () => (await import('../pages/imports.tsx')).Imports,
  },
  {
    page: 'settings',
    title: 'Settings',
    group: 'work',
    need: 'numbers',
    load: async () => (await import('../pages/settings.tsx')).Settings,
  },
]
