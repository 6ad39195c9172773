"""Reads plan documents (DOCX, XLSX, PDF, text) into drafts of the plan format, with warnings for a person to check.

In the order in which a document is read:

- opening: a file of any format becomes a `document` of paragraphs and tables, by a reader in `formats`;
- plan_head: commune, period, number and legal acts of the plan;
- legends: short names and marks that the document explains are replaced;
- tables: tables of tasks and of indicators; blocks: tasks and targets in numbered prose (`line_markers` for both
  the head and the blocks);
- document_checks: the year, missing annexes and sections, names and contents that were cut; unread_assignments: bodies
  and last days that no task has; unused_places: what is printed and in no part of the draft;
- draft_reader runs these and fills the `draft`, which draft_writer prints as a plan file.

`shared.office_files.sandboxed_process` runs all of it in a child process, because files may be hostile.
"""
