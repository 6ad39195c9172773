"""Opens office files (DOCX, XLSX) that may be damaged or hostile: the guarded zip archive and the worksheet parser."""
