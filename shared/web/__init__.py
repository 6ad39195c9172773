"""The frame of all pages: layout and style, security headers, static files, forms, errors; knows no service."""
