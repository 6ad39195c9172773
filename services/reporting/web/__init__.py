"""Reporting's pages: a commune's report, the province's review of all of them, and the editions that it published."""
