"""Hand-over of papers to people and units: states, deadlines, who may do what, answers found by citation."""
