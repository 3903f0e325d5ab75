"""From arrival to record: intake, proposed values, corrections, holds, lessons from confirmed values."""
