"""What do they hold, in whose name, on whose bill, and as whom do the silos know them?"""
