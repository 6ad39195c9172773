"""The rules of Planning, and the events that it stores."""
