/** Keys that everybody may know, because everything listens on this machine only. */
export const presetKeys = { writeKey: 'pk_demo', adminToken: 'sk_demo_on_this_machine' } as const
