"""From the elements of a schedule phrase to labelled milestones."""
