/** Brings a database of today back to what it was. */

/** Statements that leave the tables of format 11: before work was found by what it belongs to, and comments were in order. */
export const backTo11: string = `
  DROP TABLE earshot.notes, earshot.note_answers;
  ALTER TABLE earshot.comments DROP COLUMN row;
  ALTER TABLE earshot.jobs DROP COLUMN about_response, DROP COLUMN about_case, DROP COLUMN about_rule;
  UPDATE earshot.meta SET version = 11`
