"""From evidence to a draft: counts become figures, then forms, scores and warnings are added."""
