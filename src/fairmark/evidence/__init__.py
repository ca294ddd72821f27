"""The record of what a notebook left behind: write it, restore it, fingerprint it."""
