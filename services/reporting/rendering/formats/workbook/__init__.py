"""The report as a workbook: figures as numbers, a sheet for each table, form, scorecard and chart."""
