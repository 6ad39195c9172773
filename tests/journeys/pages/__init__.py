"""Each role's work in the portal's pages, over HTTP on running services.

All files share one province and run in the order of their names: plans end after the work on their tasks.
"""

from datetime import date

TODAY, PERIOD = date(2025, 9, 16), "2025-Q3"
LEAD = "Phòng Kinh tế"
