"""The window: Qt, generic pages drawn from declarations. It names no register."""
