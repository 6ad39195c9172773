"""Plan documents (DOCX, XLSX, PDF, text) read into a draft of the plan format, with what a person should look at."""
