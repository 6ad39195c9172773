"""The phrases of plan documents, understood: schedules, targets, and which bodies lead and support."""
