"""What an intervention changes: units clamped, one character exchanged, paired samples."""
