"""The portal as an application: its colours, its icons, its manifest, and what it keeps for when it is offline."""
