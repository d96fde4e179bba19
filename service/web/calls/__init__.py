"""The list of calls, with its player of voicemails."""
